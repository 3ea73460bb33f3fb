import { DIRECT } from '@boocontrol/contracts';

/** A request that a new key may make, for a shell. @param policies that it may use; empty: all */
export function curlOf(key: string, origin: string, policies: readonly string[]): string {
  const policy = policies.find((each) => each !== DIRECT);
  const direct = policies.length > 0 && policy === undefined;
  const model = direct ? 'MODEL' : policy === undefined || policy === 'auto' ? 'auto' : `auto:${policy}`;
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H 'authorization: Bearer ${key}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n');
}
