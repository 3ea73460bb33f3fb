/** Sequences as the text of a PostgreSQL int8multirange: `{[1,3],[5,5]}`. */
export function multirange(seqs: readonly number[]): string {
  const ranges: string[] = [];
  let from: number | undefined;
  let to = 0;
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    if (from !== undefined && seq <= to + 1) {
      to = seq;
      continue;
    }
    if (from !== undefined) ranges.push(`[${from},${to}]`);
    from = to = seq;
  }
  if (from !== undefined) ranges.push(`[${from},${to}]`);
  return `{${ranges.join(',')}}`;
}
