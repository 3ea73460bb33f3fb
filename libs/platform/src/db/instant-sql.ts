/** SQL of a timestamptz as an Instant of the contracts: UTC with exactly six decimals. */
export const instantSql = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
