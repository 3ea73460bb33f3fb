/** What a chart draws over, Unix milliseconds. */
export interface Range {
  fromMs: number;
  toMs: number;
}
