import type { CacheTotalsQuerySchema } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { z } from 'zod';

const DAY_MS = 24 * 3_600_000;
/** Seconds of a point: of these the shortest that leaves so few points. */
const STEPS_S = [60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 24 * 3_600];
const MOST_POINTS = 100;

type Asked = z.output<typeof CacheTotalsQuerySchema>;

export interface Period {
  from: string;
  to: string;
}

/** What a query means when it leaves out an end. */
export function periodOf({ from, to }: Pick<Asked, 'from' | 'to'>, nowMs: number): Period {
  const toMs = to === undefined ? nowMs : Date.parse(to);
  return {
    from: instantFromMs(from === undefined ? toMs - DAY_MS : Date.parse(from)),
    to: instantFromMs(toMs),
  };
}

export function stepOf({ from, to }: Period): number {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  const longest = STEPS_S.at(-1) ?? 1;
  return (
    STEPS_S.find((step) => seconds / step <= MOST_POINTS) ??
    longest * Math.ceil(seconds / longest / MOST_POINTS)
  );
}

/** Conditions with places for their values, which are added to `values`. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly all: string[] = [];

  /** @param text of the condition, by the place of its value; undefined values make none */
  add(text: (place: string) => string, value: unknown): this {
    return value === undefined ? this : this.and(text(this.place(value)));
  }

  and(text: string): this {
    this.all.push(text);
    return this;
  }

  place(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  within({ from, to }: Period): this {
    return this.add((place) => `at >= ${place}::timestamptz`, from).add(
      (place) => `at < ${place}::timestamptz`,
      to,
    );
  }

  toString(): string {
    return this.all.join(' AND ');
  }
}
