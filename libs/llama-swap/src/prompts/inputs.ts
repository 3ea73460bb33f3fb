import { createHash } from 'node:crypto';

const MAX_CHARS = 4_096;
const MAX_INPUTS = 32;
const INPUT = /^([A-Za-z0-9][A-Za-z0-9._/-]{0,63})=([\x21-\x3a\x3c-\x7e]{1,128})$/;

/**
 * What a client says that its prompt is made of: `agents.md=<mtime>;guidance=<hash>`. What is not of this form, and what is
 * more than 32 of them, is passed over; of the values only a hash is kept, to tell whether they differ.
 */
export function prefixInputsOf(header: string | string[] | undefined): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  if (typeof header !== 'string' || header.length > MAX_CHARS) return inputs;
  for (const one of header.split(';')) {
    const [, name, value] = INPUT.exec(one.trim()) ?? [];
    if (name === undefined || value === undefined || inputs.has(name)) continue;
    inputs.set(name, createHash('sha256').update(value).digest('base64url').slice(0, 11));
    if (inputs.size >= MAX_INPUTS) break;
  }
  return inputs;
}
