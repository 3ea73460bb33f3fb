import type { Print, Segment } from '@boocontrol/llama-swap';

/** What a session last sent, as far as the next prompt is held against it: hashes and lengths, and what became of it. */
export interface Line {
  /** Stays the same while the conversation goes on. */
  who: string;
  tools: readonly Piece[];
  system: readonly Piece[];
  /** Keys of the messages, or of the pieces of a text. */
  messages: BigUint64Array;
  isText: boolean;
  hash: string;
  bytes: number;
  inputs: ReadonlyMap<string, string>;
  providerId: string;
  model: string;
  /** When the request came; an instant. */
  at: string;
  /** When it was over, epoch milliseconds: at the earliest, and at the latest, as some hosts cut the second. */
  endedMs: number;
  latestEndMs: number;
  /** null: not told. */
  promptTokens: number | null;
}
type Piece = Pick<Segment, 'key' | 'looseKey'>;

/** A prompt in its three parts; of one that is a text, its pieces stand for messages. */
export interface Parted {
  tools: readonly Segment[];
  system: readonly Segment[];
  messages: readonly Segment[];
  isText: boolean;
}

export function parted({ segments }: Print): Parted {
  const of = (kind: Segment['kind']): Segment[] => segments.filter((each) => each.kind === kind);
  const text = of('text');
  const isText = text.length > 0;
  return { tools: of('tools'), system: of('system'), messages: isText ? text : of('message'), isText };
}

export const piecesOf = (segments: readonly Segment[]): Piece[] =>
  segments.map(({ key, looseKey }) => ({ key, looseKey }));

export const keysOf = (segments: readonly Segment[]): BigUint64Array =>
  BigUint64Array.from(segments, ({ key }) => key);
