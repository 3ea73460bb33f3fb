import type { Quantity } from '../format/number';

/** A figure on a scale: what arcs and bars draw. */
export interface Reading extends Quantity {
  /** 0 to 1 of the scale; null when there is no reading. */
  fraction: number | null;
  level: 'normal' | 'high' | 'critical';
}
