import { isUser, partOf, readMembers, textOf, type Part } from '@boocontrol/llama-swap';
import type { BodyReading } from './ask-body.js';

const QUOTE = 0x22;
const IMAGE_PARTS = new Set(['image_url', 'input_image', 'image']);
const MAX_TOKENS = new Set(['max_tokens', 'max_completion_tokens', 'max_output_tokens']);
/** Longer ones are no names of models, and do not fit a record. */
export const MAX_MODEL_CHARS = 512;

/** Reads a JSON body in one pass, without making an object of it. */
export function readJsonBody(bytes: Buffer): BodyReading {
  let model: string | null = null;
  let isOtherType = false;
  const models: [number, number][] = [];
  const opening: Part[] = [];
  const found = {
    isStream: false,
    hasStreamOptions: false,
    maxTokens: null as number | null,
    hasTools: false,
    hasImages: false,
    user: null as string | null,
  };
  const problem = readMembers(bytes, {
    member: (path, from, to) => {
      const isText = bytes[from] === QUOTE;
      const part = partOf(path, from, to);
      if (part !== null) opening.push(part);
      if (path === 'model') {
        // Said twice, the last one holds (as JSON.parse has it); all are rewritten, so that no reader sees another.
        models.push([from, to]);
        isOtherType = !isText;
        model = isText ? textOf(bytes, from, to) : null;
      } else if (path === 'stream') found.isStream = bytes[from] === 0x74;
      else if (path === 'stream_options') found.hasStreamOptions = true;
      else if (MAX_TOKENS.has(path)) found.maxTokens = countOf(bytes, from, to);
      else if (path === 'tools' || path === 'functions') found.hasTools = hasEntries(bytes, from, to);
      else if (isUser(path) && isText) found.user = textOf(bytes, from, to);
    },
    type: (from, to) => {
      if (!found.hasImages && to - from < 16) found.hasImages = IMAGE_PARTS.has(textOf(bytes, from, to));
    },
  });
  if (problem !== null) return { ok: false, message: problem };
  if (isOtherType) return { ok: false, message: '"model" must be a text.' };
  return nameOf(model, (name) => ({
    model: name,
    models,
    spell: (other) => Buffer.from(JSON.stringify(other)),
    opening,
    ...found,
  }));
}

/** A name that a request may ask for, or what is wrong with it. */
export function nameOf(
  model: string | null,
  body: (model: string) => Extract<BodyReading, { ok: true }>['body'],
): BodyReading {
  if (model === null || model === '')
    return { ok: false, message: '"model" is missing: name one, or "auto".' };
  if (model.length > MAX_MODEL_CHARS)
    return { ok: false, message: `"model" is longer than ${MAX_MODEL_CHARS} characters.` };
  return { ok: true, body: body(model) };
}

function countOf(bytes: Buffer, from: number, to: number): number | null {
  const count = to - from > 24 ? Number.NaN : Number(bytes.toString('latin1', from, to));
  return Number.isInteger(count) && count > 0 ? count : null;
}

/** A list with something in it. */
function hasEntries(bytes: Buffer, from: number, to: number): boolean {
  return (
    bytes[from] === 0x5b && bytes.toString('latin1', from + 1, Math.min(to - 1, from + 64)).trim() !== ''
  );
}
