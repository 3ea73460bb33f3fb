/** Comparing JSON. Every value here comes from JSON that is nested at most MAX_DEPTH deep. */
export const MAX_DEPTH = 64;

export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

export type Leaf = (a: unknown, b: unknown) => boolean;

const sameLeaf: Leaf = (a, b) => a === b;

/** Alike in shape, with keys of objects in any order; `leaf` compares what is neither list nor object. */
export function alike(a: unknown, b: unknown, leaf: Leaf = sameLeaf): boolean {
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => alike(item, b[index], leaf))
    );
  if (!isRecord(a) || !isRecord(b)) return !isRecord(a) && !isRecord(b) && leaf(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && alike(a[key], b[key], leaf))
  );
}

/** Lists with the same members, each as often. `same` has to be an equivalence. */
export function sameMembers(
  a: readonly unknown[],
  b: readonly unknown[],
  same: (x: unknown, y: unknown) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  const left = [...b];
  return a.every((item) => {
    const found = left.findIndex((other) => same(item, other));
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
}

/** JSON with the keys of objects sorted: equal texts are equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(Object.is(value, -0) ? 0 : value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Alike, texts without regard to case and outer white space. */
export function likeValue(a: unknown, b: unknown): boolean {
  return alike(a, b, (x, y) => plain(x) === plain(y));
}

const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.normalize('NFC').trim().toLowerCase() : value;
