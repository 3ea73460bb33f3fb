/** A line of a file against what it was. */
export interface DiffLine {
  sign: '+' | '-' | ' ';
  text: string;
}

/** Past so many lines on both sides the comparison takes too long for a glance: then all of it is said to be new. */
const MOST_CELLS = 4_000_000;

/** The lines of two texts beside each other, the shortest way (longest common subsequence). */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  if (a.length * b.length > MOST_CELLS)
    return [
      ...a.map((text) => ({ sign: '-' as const, text })),
      ...b.map((text) => ({ sign: '+' as const, text })),
    ];
  const width = b.length + 1;
  // How many lines are common from here to the end.
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, now] = [a[i], b[j]];
    if (old !== undefined && old === now) {
      lines.push({ sign: ' ', text: old });
      i += 1;
      j += 1;
    } else if (
      old !== undefined &&
      (now === undefined || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ sign: '-', text: old });
      i += 1;
    } else if (now !== undefined) {
      lines.push({ sign: '+', text: now });
      j += 1;
    }
  }
  return lines;
}

/** A line break at the end ends the last line, it begins no further one. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

export interface FileDiff {
  path: string;
  kind: 'new' | 'changed' | 'same';
  lines: DiffLine[];
}

/** Files as an answer leaves them, against those that it began with; what is the same comes last. */
export function diffFiles(
  start: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): FileDiff[] {
  const rank = { new: 0, changed: 0, same: 1 } as const;
  return Object.entries(files)
    .map(([path, text]): FileDiff => {
      const before = start[path];
      const kind = before === undefined ? 'new' : before === text ? 'same' : 'changed';
      return { path, kind, lines: kind === 'same' ? [] : diffLines(before ?? '', text) };
    })
    .toSorted((a, b) => rank[a.kind] - rank[b.kind] || (a.path < b.path ? -1 : 1));
}
