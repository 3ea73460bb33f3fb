/** Line and area of a sparkline in a box of width × height; the top of the box is the larger of floor and maximum. */
export function sparkPath(
  values: readonly number[],
  width: number,
  height: number,
  floor: number,
): { line: string; area: string } {
  if (values.length < 2) return { line: '', area: '' };
  const top = Math.max(floor, ...values);
  const step = width / (values.length - 1);
  const points = values.map((value, i) => {
    const y = height - (value / top) * (height - 2) - 1;
    return `${(i * step).toFixed(1)},${y.toFixed(1)}`;
  });
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L${width},${height}L0,${height}Z` };
}
