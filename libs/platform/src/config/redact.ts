/**
 * A URL fit for logs and errors: the password (or token) replaced by `***`, query values dropped.
 * Comma-separated lists are redacted one by one; what is not a URL becomes `(not a URL)`.
 */
export function redactUrl(urls: string): string {
  return urls
    .split(',')
    .map((text) => {
      if (!URL.canParse(text.trim())) return '(not a URL)';
      const url = new URL(text.trim());
      const user = url.username === '' ? '' : url.password === '' ? '***@' : `${url.username}:***@`;
      return `${url.protocol}//${user}${url.host}${url.pathname === '/' ? '' : url.pathname}`;
    })
    .join(',');
}
