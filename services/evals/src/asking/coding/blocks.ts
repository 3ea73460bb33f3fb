/** A fenced block of code in an answer. */
export interface Block {
  /** Of its info string, lower case; empty: it has none. */
  language: string;
  /** As the answer has it, trustworthy or not; null: it names none. */
  path: string | null;
  text: string;
}

const OPENING = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;

/** Every fenced block, in turn; one that is not closed goes to the end. Linear in the length of the text, and never throws. */
export function blocksOf(answer: string): Block[] {
  const lines = answer.split(/\r\n|\n|\r/);
  const blocks: Block[] = [];
  let before = '';
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const opening = OPENING.exec(line);
    if (opening === null) {
      if (line.trim() !== '') before = line;
      continue;
    }
    const [, fence = '', info = ''] = opening;
    const end = closingOf(lines, at + 1, fence);
    const inside = lines.slice(at + 1, end);
    blocks.push(blockOf(info.trim(), before, inside));
    before = '';
    at = end;
  }
  return blocks;
}

function closingOf(lines: readonly string[], from: number, fence: string): number {
  const mark = fence[0] ?? '`';
  for (let at = from; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    if (line.length >= fence.length && line === mark.repeat(line.length)) return at;
  }
  return lines.length;
}

function blockOf(info: string, before: string, inside: readonly string[]): Block {
  const [first = '', ...rest] = info.split(/\s+/);
  // ```path/of/file.py, ```python:path/of/file.py and ```python path/of/file.py
  const colon = first.indexOf(':');
  const own = pathIn(colon > 0 ? first.slice(colon + 1) : first);
  const language =
    own !== null && colon <= 0 ? '' : (colon > 0 ? first.slice(0, colon) : first).toLowerCase();
  const path = own ?? pathIn(rest.join(' ')) ?? pathIn(before) ?? commented(inside[0] ?? '');
  return { language, path, text: inside.length === 0 ? '' : `${inside.join('\n')}\n` };
}

const LABEL = /^(?:file(?:name| ?path)?|path|title)\s*[:=]\s*/i;

/** What looks like a path, where nothing but that stands: `a/b.py`, **a/b.py**:, ### a/b.py, # file: a/b.py, title="a/b.py". */
export function pathIn(line: string): string | null {
  const bare = line
    .trim()
    .slice(0, 400)
    .replace(/^(?:#+|\/\/|[-*+]|\d{1,3}[.)]|<!--)\s+/, '')
    .replace(/\s*-->$/, '')
    .replace(/^[*_`"'“(]+|[*_`"'”):]+$/g, '')
    .replace(LABEL, '')
    .replace(/^[*_`"'“(\s]+|[*_`"'”):\s]+$/g, '');
  const isLabelled = LABEL.test(line.trim().replace(/^[#/*_`\s-]+/, ''));
  if (bare === '' || /\s/.test(bare)) return null;
  if (/^[a-z]+:\/\//i.test(bare)) return null;
  if (bare.includes('/') || bare.includes('\\')) return /[\w.]/.test(bare) ? bare : null;
  return isLabelled || /^[^\s.][^\s]*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(bare) ? bare : null;
}

/** A comment in the first line that is nothing but a path. */
function commented(line: string): string | null {
  const text = /^\s*(?:#|\/\/|--|\/\*)\s*(.+?)\s*(?:\*\/)?$/.exec(line.slice(0, 400))?.[1];
  const path = text === undefined ? null : pathIn(text);
  return path !== null && /\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(path) ? path : null;
}
