import type { Print, Segment } from '../inference/segments.js';

/** What a session last sent, as far as the next prompt is held against it: hashes and lengths, and what became of it. */
export interface Line {
  /** Stays the same while the conversation goes on. */
  who: string;
  tools: readonly Piece[];
  system: readonly Piece[];
  /** Keys of the messages. */
  messages: BigUint64Array;
  hash: string;
  bytes: number;
  inputs: ReadonlyMap<string, string>;
  providerId: string;
  model: string;
  /** When the request came; an instant. */
  at: string;
  /** When it was over, epoch milliseconds. */
  endedMs: number;
  /** null: not told. */
  promptTokens: number | null;
}
type Piece = Pick<Segment, 'key' | 'looseKey'>;

/** A prompt in its three parts. */
export interface Parted {
  tools: readonly Segment[];
  system: readonly Segment[];
  messages: readonly Segment[];
}

export function parted({ segments }: Print): Parted {
  const of = (kind: Segment['kind']): Segment[] => segments.filter((each) => each.kind === kind);
  return { tools: of('tools'), system: of('system'), messages: of('message') };
}

export const piecesOf = (segments: readonly Segment[]): Piece[] =>
  segments.map(({ key, looseKey }) => ({ key, looseKey }));

export const keysOf = (segments: readonly Segment[]): BigUint64Array =>
  BigUint64Array.from(segments, ({ key }) => key);
