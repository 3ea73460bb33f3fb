/** Text that a database can keep, and no deeper than can be written again. */
export function isKeepable(value: unknown, depth = 12): boolean {
  if (typeof value === 'string') return !/[\0\p{Cs}]/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return (
    depth > 0 &&
    Object.entries(value).every(([key, inner]) => isKeepable(key) && isKeepable(inner, depth - 1))
  );
}
