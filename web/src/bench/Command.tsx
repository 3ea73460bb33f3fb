'use client';
import type { BenchSuite } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { CopyButton } from '../ui/Copy';
import { commandOf, fileOfSuite } from './command';

interface CommandProps {
  suite: Pick<BenchSuite, 'name' | 'origin' | 'suite'>;
  url: string;
  model: string;
  /** false: of several models it is the first. */
  isOne?: boolean;
  /** Sends the same prompts as a run did. */
  seed?: number;
}

/** The same from a shell, without the rest of BooControl. */
export function Command({ suite: { name, origin, suite }, url, model, isOne = true, seed }: CommandProps) {
  const command = commandOf({ name, origin }, url, model, seed);
  const file = fileOfSuite(name);
  const whole = useMemo(() => encodeURIComponent(JSON.stringify(suite, null, 2)), [suite]);
  return (
    <section aria-label="As a command" className="min-w-0 self-start rounded-md border">
      <div className="flex items-center justify-between gap-2 border-b px-3 py-1 text-xs text-fg2">
        <span>As a command{isOne ? '' : ', for the first of them'}</span>
        <CopyButton what="the command" text={command} />
      </div>
      <code className="block px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]">{command}</code>
      {origin !== 'builtin' && (
        <p className="px-3 pb-2 text-xs text-fg2">
          Its suite has to be there as a file:{' '}
          <a
            href={`data:application/json,${whole}`}
            download={file}
            className="text-accent underline underline-offset-2 pointer-coarse:py-3"
          >
            save {file}
          </a>
        </p>
      )}
    </section>
  );
}
