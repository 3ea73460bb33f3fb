import type { Part } from '@boocontrol/llama-swap';

/** What the path reads of a request's body, and where the bytes of its model are. */
export interface AskBody {
  /** As the client named it. */
  model: string;
  /** From, to (exclusive): the bytes of each value of `model`; a body may say it twice. */
  models: readonly (readonly [from: number, to: number])[];
  /** Writes a model's name in the body's own notation. */
  spell: (model: string) => Buffer;
  isStream: boolean;
  /** `stream_options` is there, whatever it says. */
  hasStreamOptions: boolean;
  /** max_tokens and its kin; null: not said. */
  maxTokens: number | null;
  hasTools: boolean;
  hasImages: boolean;
  /** `user`, or `metadata.user_id` of Anthropic's dialect; null: not said. */
  user: string | null;
  /** Where the beginning of the conversation is, in the order of the body. */
  opening: readonly Part[];
}

export type BodyReading = { ok: true; body: AskBody } | { ok: false; message: string };

/** The body with another model; every other byte as it came. */
export function withModel(bytes: Buffer, { models, spell, model: asked }: AskBody, model: string): Buffer {
  if (model === asked && models.length === 1) return bytes;
  const name = spell(model);
  const pieces: Buffer[] = [];
  let done = 0;
  for (const [from, to] of models) {
    pieces.push(bytes.subarray(done, from), name);
    done = to;
  }
  pieces.push(bytes.subarray(done));
  return Buffer.concat(pieces);
}
