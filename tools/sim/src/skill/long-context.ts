import type { Scripted } from './question.js';

/** What is asked about a long text of an eval suite, read as a model would have to; null: this is none. */
export function foundIn(text: string, isRight: boolean): Scripted | null {
  if (!text.startsWith('Below is a long text.')) return null;
  const at = text.lastIndexOf('\n\nQuestion: ');
  if (at < 0) return null;
  const content = isRight ? answer(text.slice(0, at), text.slice(at)) : 'The text does not say that.';
  return { content, calls: [] };
}

function answer(text: string, question: string): string {
  const whose = /(?:code of|codes of|arrived for) ([^?]+)\?/.exec(question)?.[1] ?? '';
  const codes = [...text.matchAll(/access codes? of ([^.]+?) is (\d+)\./g)];
  const own = codes.filter(([, name]) => name === whose).map(([, , code]) => code);
  if (own.length > 0) return own.join(', ');
  const parcels = new Map<string, number>();
  for (const [, name = ''] of text.matchAll(/A parcel arrived for ([^.]+)\./g))
    parcels.set(name, (parcels.get(name) ?? 0) + 1);
  if (question.includes('How many')) return String(parcels.get(whose) ?? 0);
  return [...parcels].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
