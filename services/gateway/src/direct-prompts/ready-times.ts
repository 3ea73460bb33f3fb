import type { ModelChanged } from '@boocontrol/contracts';

const MOST_MODELS = 2_000;
const MOST_TIMES = 16;

/** When models became ready, for those whose requests are told of later. */
export class ReadyTimes {
  /** By host and model, epoch milliseconds, oldest first. */
  private readonly times = new Map<string, number[]>();

  note({ providerId, model, to, at }: ModelChanged): void {
    if (to !== 'ready') return;
    const key = `${providerId}/${model}`;
    const times = this.times.get(key) ?? [];
    this.times.delete(key);
    this.times.set(key, times);
    times.push(Date.parse(at));
    if (times.length > MOST_TIMES) times.shift();
    const [oldest] = this.times.keys();
    if (this.times.size > MOST_MODELS && oldest !== undefined) this.times.delete(oldest);
  }

  /** The last time before that one, epoch milliseconds; null: none is known. */
  before(providerId: string, model: string, untilMs: number): number | null {
    return this.times.get(`${providerId}/${model}`)?.findLast((ms) => ms <= untilMs) ?? null;
  }
}
