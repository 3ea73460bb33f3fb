import type { CapturedBody } from '@boocontrol/contracts';
import { isObject } from './loose.js';

const KEY = '"timings"';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `/infill` answers with a list, and has them in its last entry. */
function has(answer: unknown): boolean {
  const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer;
  return isObject(last) && isObject(last['timings']);
}

/**
 * Whether an answer has llama.cpp's `timings`, in its JSON or in an event of its stream: what llama-swap then counts as
 * input tokens are the new ones only. null: what was kept of the answer does not tell. Never throws.
 */
export function hasTimings(body: CapturedBody | null): boolean | null {
  if (body === null || body.encoding !== 'utf8') return null;
  const { data, cut } = body;
  // A word of the answer's text is no key: its quotes are escaped.
  const lines = data.includes(KEY) ? data.split('\n').filter((line) => line.includes(KEY)) : [];
  const found = lines.some((line) => line.startsWith('data:') && has(parse(line.slice('data:'.length))));
  if (found || (lines.length > 0 && has(parse(data)))) return true;
  return cut ? null : false;
}
