import type { ModelChanged } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';

const MOST_MODELS = 10_000;

/** A load that has ended. */
export interface Load {
  providerId: string;
  model: string;
  isReady: boolean;
  /** From its start to ready, seconds; null: one of the two was not seen as it happened, or it failed. */
  seconds: number | null;
}

/** Loads out of changes of models, as GET /api/swaps counts them. No I/O. */
export class Loads {
  /** By host and model: when the last change was, and since when it loads. */
  private readonly models = new Map<string, { at: string; startedAt: string | null }>();

  /** The load that this change ends; null: none. A change that comes again ends none. */
  apply({ providerId, model, at, from, to, observed, failed }: ModelChanged): Load | null {
    const key = `${providerId}/${model}`;
    const known = this.models.get(key);
    if (known !== undefined && at <= known.at) return null;
    const isLive = observed === 'live';
    const startedAt = to === 'starting' && isLive ? at : null;
    this.models.delete(key);
    this.models.set(key, { at, startedAt });
    for (const oldest of this.models.keys()) {
      if (this.models.size <= MOST_MODELS) break;
      this.models.delete(oldest);
    }
    // At first sight nobody knows when it was loaded.
    if (!(failed || (to === 'ready' && from !== null && from !== 'ready'))) return null;
    const began = isLive && !failed ? (known?.startedAt ?? null) : null;
    const seconds = began === null ? null : (instantToMs(at) - instantToMs(began)) / 1_000;
    return { providerId, model, isReady: !failed, seconds };
  }
}
