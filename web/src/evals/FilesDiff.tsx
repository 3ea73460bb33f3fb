'use client';
import { useMemo } from 'react';
import { plural } from '../format/number';
import { codeLines, languageOf } from '../texts/code-tokens';
import { Coloured } from '../texts/Coloured';
import { CopyButton } from '../ui/Copy';
import { diffFiles, type DiffLine, type FileDiff } from './diff';

interface FilesDiffProps {
  start: Readonly<Record<string, string>>;
  files: Readonly<Record<string, string>>;
}

const KIND = { new: 'new', changed: 'changed', same: 'unchanged' } as const;

/** Files as an answer leaves them, line by line against those that it began with. */
export function FilesDiff({ start, files }: FilesDiffProps) {
  const diffs = useMemo(() => diffFiles(start, files), [start, files]);
  if (diffs.length === 0) return <p className="text-sm text-fg2">The answer leaves no file.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {diffs.map((diff) => (
        <File key={diff.path} diff={diff} before={start[diff.path] ?? ''} text={files[diff.path] ?? ''} />
      ))}
    </ul>
  );
}

const LOOK: Readonly<Record<DiffLine['sign'], string>> = {
  '+': 'bg-ready/12',
  '-': 'bg-error/12',
  ' ': '',
};
const SAID: Readonly<Record<DiffLine['sign'], string>> = { '+': 'added: ', '-': 'taken out: ', ' ': '' };

/** Each line of a comparison in the colours that it has in its own text. */
function colouredLines(lines: readonly DiffLine[], path: string, before: string, after: string) {
  const language = languageOf(path);
  const [old, now] = [before, after].map((text) => codeLines(text, language));
  let [i, j] = [0, 0];
  return lines.map(({ sign, text }) => {
    const tokens = sign === '-' ? old?.[i] : now?.[j];
    if (sign !== '+') i += 1;
    if (sign !== '-') j += 1;
    return { sign, tokens: tokens ?? [{ kind: 'plain' as const, text }] };
  });
}

function File({
  diff: { path, kind, lines },
  before,
  text,
}: {
  diff: FileDiff;
  before: string;
  text: string;
}) {
  const drawn = useMemo(() => colouredLines(lines, path, before, text), [lines, path, before, text]);
  const [more, less] = (['+', '-'] as const).map((sign) => lines.filter((line) => line.sign === sign).length);
  return (
    <li className="min-w-0 rounded-md border">
      <div className="flex flex-wrap items-center gap-x-3 border-b px-3 py-1 text-xs">
        <code className="font-mono [overflow-wrap:anywhere]">{path}</code>
        <span className="text-fg3">
          {KIND[kind]}
          {kind !== 'same' && `: ${plural(more ?? 0, 'line')} more, ${less ?? 0} fewer`}
        </span>
        <span className="ml-auto">
          <CopyButton what={path} text={text} />
        </span>
      </div>
      {kind !== 'same' && (
        <pre tabIndex={0} className="overflow-x-auto py-1 font-mono text-xs leading-5">
          {drawn.map(({ sign, tokens }, i) => (
            <span key={i} className={`block min-w-fit px-3 ${LOOK[sign]}`}>
              <span aria-hidden className="mr-3 inline-block w-2 text-fg3 select-none">
                {sign}
              </span>
              <span className="sr-only">{SAID[sign]}</span>
              {tokens.length === 0 ? ' ' : <Coloured tokens={tokens} />}
            </span>
          ))}
        </pre>
      )}
    </li>
  );
}
