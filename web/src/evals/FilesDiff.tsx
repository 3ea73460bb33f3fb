'use client';
import { useMemo } from 'react';
import { plural } from '../format/number';
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
        <File key={diff.path} diff={diff} text={files[diff.path] ?? ''} />
      ))}
    </ul>
  );
}

const LOOK: Readonly<Record<DiffLine['sign'], string>> = {
  '+': 'bg-ready/12',
  '-': 'bg-error/12',
  ' ': 'text-fg2',
};
const SAID: Readonly<Record<DiffLine['sign'], string>> = { '+': 'added: ', '-': 'taken out: ', ' ': '' };

function File({ diff: { path, kind, lines }, text }: { diff: FileDiff; text: string }) {
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
          {lines.map(({ sign, text: line }, i) => (
            <span key={i} className={`block min-w-fit px-3 ${LOOK[sign]}`}>
              <span aria-hidden className="mr-3 inline-block w-2 text-fg3 select-none">
                {sign}
              </span>
              <span className="sr-only">{SAID[sign]}</span>
              {line === '' ? ' ' : line}
            </span>
          ))}
        </pre>
      )}
    </li>
  );
}
