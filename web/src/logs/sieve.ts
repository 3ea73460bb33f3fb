import { merged } from './keeper';
import type { Line } from './line';

/**
 * The lines that pass, found in steps of bounded time, newest first, so that neither a slow pattern nor many lines hold
 * the page up.
 */
export class Sieve {
  private found: readonly Line[] = [];
  /** Still to be looked at; the newest are at the end. */
  private rest: Line[] = [];

  constructor(
    private readonly isWanted: (line: Line) => boolean,
    lines: readonly Line[],
  ) {
    this.rest = [...lines];
  }

  /** In the order in which they came. Another array when they have changed. */
  get shown(): readonly Line[] {
    return this.found;
  }
  /** How many are still to be looked at. */
  get remaining(): number {
    return this.rest.length;
  }

  add(lines: readonly Line[]): void {
    for (const line of lines) this.rest.push(line);
  }

  /** Lets go of lines that have left the page. */
  prune(): void {
    if (this.found.some(({ gone }) => gone)) this.found = this.found.filter(({ gone }) => !gone);
    if (this.rest.some(({ gone }) => gone)) this.rest = this.rest.filter(({ gone }) => !gone);
  }

  /** Goes on for about so long. @throws whatever `isWanted` throws */
  step(budgetMs: number, now: () => number): void {
    const untilMs = now() + budgetMs;
    const hits: Line[] = [];
    do {
      const line = this.rest.pop();
      if (line && this.isWanted(line)) hits.push(line);
    } while (this.rest.length > 0 && now() < untilMs);
    if (hits.length > 0)
      this.found = merged(
        this.found,
        hits.toSorted((a, b) => a.seq - b.seq),
      );
  }
}
