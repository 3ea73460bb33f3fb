/** At most `max` events per key in any window of `windowMs`. Keys are bounded: the oldest are forgotten. */
export class RateLimit {
  private readonly events = new Map<string, number[]>();

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
    private readonly maxKeys = 1_000,
  ) {}

  /** Counts one event; false when it is one too many (it is then not counted). */
  take(key: string, nowMs: number): boolean {
    const recent = (this.events.get(key) ?? []).filter((at) => at > nowMs - this.windowMs);
    const allowed = recent.length < this.max;
    if (allowed) recent.push(nowMs);
    this.events.delete(key);
    this.events.set(key, recent);
    for (const oldest of this.events.keys()) {
      if (this.events.size <= this.maxKeys) break;
      this.events.delete(oldest);
    }
    return allowed;
  }
}
