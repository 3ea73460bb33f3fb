export interface Series {
  labels: Record<string, string>;
  value: number;
}

/** The series of one metric in Prometheus' text format. */
export function seriesOf(text: string, name: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, told, labels = '', value] = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (told !== name) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
      label,
      text,
    ]);
    return [{ labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}
