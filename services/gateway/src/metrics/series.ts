import { counter } from '@boocontrol/platform';

/** In place of a label's value that would be one too many. */
export const OTHER = 'other';
/** In place of a value where there is none. */
export const NONE = 'none';

const folded = counter(
  'boocontrol_metrics_folded_total',
  'Observations told under "other", because their metric has as many series as it may have',
  ['metric'],
);

/**
 * Values of one label: so many are told by name, the others together. Values come from outside (consumers name themselves),
 * and a metric that grows with them fills the memory of whoever scrapes it.
 */
export class LabelValues {
  private readonly known = new Set<string>([OTHER, NONE]);

  constructor(private readonly most: number) {}

  of(value: string): string {
    if (this.known.has(value)) return value;
    if (this.known.size >= this.most + 2) return OTHER;
    this.known.add(value);
    return value;
  }
}

/** Bounds the series of one metric: each label may have few values, and all of them together still be too many. */
export class SeriesBound<L extends Record<string, string>> {
  private readonly known = new Set<string>();

  /** @param most series; beyond it each new one is told with the values of `instead` */
  constructor(
    private readonly metric: string,
    private readonly most: number,
    private readonly instead: Partial<L>,
  ) {}

  of(labels: L): L {
    const key = Object.values(labels).join('\0');
    if (this.known.has(key)) return labels;
    if (this.known.size >= this.most) {
      folded.inc({ metric: this.metric });
      return { ...labels, ...this.instead };
    }
    this.known.add(key);
    return labels;
  }
}
