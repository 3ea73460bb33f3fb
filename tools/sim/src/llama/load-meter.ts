/** Integrates how much work ran over time, so that a sampler can ask for the mean since its own last look. */
export class LoadMeter {
  #active = 0;
  #totalMs = 0;
  #sinceMs = 0;

  constructor(private readonly nowMs: () => number) {
    this.#sinceMs = nowMs();
  }

  begin(): void {
    this.#settle();
    this.#active += 1;
  }

  end(): void {
    this.#settle();
    this.#active -= 1;
  }

  get active(): number {
    return this.#active;
  }

  /** Request-milliseconds so far: two requests for one second count 2,000. */
  totalMs(): number {
    this.#settle();
    return this.#totalMs;
  }

  #settle(): void {
    const now = this.nowMs();
    this.#totalMs += (now - this.#sinceMs) * this.#active;
    this.#sinceMs = now;
  }
}
