import { createHash } from 'node:crypto';
import { MeasureError, type Chat } from '@boocontrol/measure';
import { HostTroubleError } from './sending.js';

/** Texts whose length is remembered: an item is asked several times. */
const KEPT = 2_000;

/**
 * Counts by the tokenizer of the model, each text once. null: its host does not offer that.
 * It throws a HostTroubleError when nothing answers any more; what is not counted is asked for again the next time.
 */
export function counterOf(chat: Pick<Chat, 'countTokens'>): (text: string) => Promise<number | null> {
  const known = new Map<string, Promise<number | null>>();
  return (text) => {
    const key = createHash('sha256').update(text).digest('base64');
    const before = known.get(key);
    if (before !== undefined) return before;
    const counting = chat.countTokens(text).catch((error: unknown) => {
      known.delete(key);
      if (!(error instanceof MeasureError) || error.code !== 'host_away') throw error;
      throw new HostTroubleError({ code: error.code, message: error.message }, true);
    });
    const [oldest] = known.keys();
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
    known.set(key, counting);
    return counting;
  };
}
