import type { IncomingHttpHeaders } from 'node:http';

/** The key a caller offers: a Basic password before a Bearer token before `x-api-key`. */
function offeredKey(headers: IncomingHttpHeaders): string {
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'basic') {
    const [, password] = Buffer.from(credentials, 'base64').toString('utf8').split(/:(.*)/s);
    if (password !== undefined && password !== '') return password;
  }
  if (scheme.toLowerCase() === 'bearer' && credentials !== '') return credentials;
  const key = headers['x-api-key'];
  return (Array.isArray(key) ? key[0] : key) ?? '';
}

export function authorized(keys: readonly string[], headers: IncomingHttpHeaders): boolean {
  return keys.length === 0 || keys.includes(offeredKey(headers));
}
