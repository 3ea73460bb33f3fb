'use client';
import type { BenchSuite } from '@boocontrol/contracts';
import { CopyButton } from '../ui/Copy';
import { commandOf } from './command';

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
export function Command({ suite, url, model, isOne = true, seed }: CommandProps) {
  const command = commandOf(suite, url, model, seed);
  return (
    <section aria-label="As a command" className="min-w-0 self-start rounded-md border">
      <div className="flex items-center justify-between gap-2 border-b px-3 py-1 text-xs text-fg2">
        <span>As a command{isOne ? '' : ', for the first of them'}</span>
        {command !== null && <CopyButton what="the command" text={command} />}
      </div>
      {command === null ? (
        <p className="px-3 py-2 text-xs text-fg2">
          The command line has no replay of recorded traffic and no search of a rate.
        </p>
      ) : (
        <code className="block px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]">{command}</code>
      )}
    </section>
  );
}
