/** SQL of a timestamptz as an Instant of the contracts: UTC with exactly six decimals. */
export const instantSql = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Collects the parameters of a statement that is put together from parts; nothing from outside is ever in its text. */
export class SqlParams {
  readonly values: unknown[] = [];

  /** The placeholder of a new parameter, e.g. `$3`. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}
