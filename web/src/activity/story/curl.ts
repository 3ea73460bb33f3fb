import type { Capture } from '@boocontrol/contracts';

/** A captured request as a command for a POSIX shell. */
export interface CurlCommand {
  command: string;
  /** What of the request is not in it, or otherwise; sentences. */
  notes: string[];
}

/** curl, the connection and the gateway set these by themselves, or they were about that one request. */
const LEFT_OUT =
  /^(host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|via|forwarded|traceparent|tracestate|x-forwarded-.*|x-real-ip|x-request-id|x-boo-(request-id|hops|lease|session))$/i;
/** Whatever is in them is not written down. */
const SECRET = /auth|key|token|secret|cookie|password|credential/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** One argument of a program may have 128 kB on Linux; longer bodies come by standard input. */
const ARGUMENT_BYTES = 100_000;

/** Text as one word of a POSIX shell, whatever is in it. NUL cannot be in one. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Nothing that would end a header. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const oneLine = (text: string): string => text.replaceAll(/[\0\r\n]+/g, ' ').trim();

/**
 * @param url where it is sent to
 */
export function curlCommand(capture: Capture, url: string): CurlCommand {
  const notes: string[] = [];
  const parts = [`curl -N ${shellWord(oneLine(url))}`];
  for (const [name, value] of Object.entries(capture.reqHeaders)) {
    if (LEFT_OUT.test(name) || !HEADER_NAME.test(name)) continue;
    const text = oneLine(value);
    if (SECRET.test(name) || text.includes('[REDACTED]')) parts.push(`-H ${secretHeader(name)}`);
    // curl takes "name:" for a header that is to be left out, "name;" for one without a value.
    else parts.push(`-H ${shellWord(text === '' ? `${name};` : `${name}: ${text}`)}`);
  }
  if (parts.some((part) => part.startsWith('-H "')))
    notes.push('Secrets are not kept: what begins with $ is to be set in the shell.');
  const body = bodyOf(capture, notes);
  if (body === null) return { command: [...parts, '-X POST'].join(' \\\n  '), notes };
  if (new TextEncoder().encode(body).length <= ARGUMENT_BYTES)
    return { command: [...parts, `--data-raw ${shellWord(body)}`].join(' \\\n  '), notes };
  notes.push('The body is long and comes by standard input.');
  // printf is a part of the shell, for which that limit does not hold. No here-document: dash spoils some of their lines.
  return {
    command: `printf %s ${shellWord(body)} | ${[...parts, '--data-binary @-'].join(' \\\n  ')}`,
    notes,
  };
}

/** Named by its header, so that it can be seen what is to be set. In double quotes: the shell puts the value in. */
function secretHeader(name: string): string {
  const isKey = /^(authorization|x-api-key|api-key)$/i.test(name);
  const variable = isKey ? 'API_KEY' : name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  const value = /^(proxy-)?authorization$/i.test(name) ? `Bearer $${variable}` : `$${variable}`;
  return `"${name.replaceAll(/[$`"\\]/g, '_')}: ${value}"`;
}

function bodyOf({ reqBody }: Capture, notes: string[]): string | null {
  if (reqBody === null) {
    notes.push('The host kept no body of the request.');
    return null;
  }
  if (reqBody.encoding === 'base64') {
    notes.push('Its body is no text and is left out.');
    return null;
  }
  if (reqBody.cut) notes.push('Only the beginning of its body was kept: the host will not understand it.');
  const text = reqBody.data.replaceAll('\0', '');
  if (text.length < reqBody.data.length)
    notes.push('NUL characters of its body are left out: no argument of a command can have them.');
  return text;
}
