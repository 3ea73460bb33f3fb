'use client';
import type { BenchSuiteVersions, Suite } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { useState } from 'react';
import { refresh, useResource } from '../api/resource';
import { plural } from '../format/number';
import { Ago } from '../live/Ago';
import { Button } from '../ui/controls';
import { versionsPath } from './calls';
import { planWords } from './suite-words';

interface SuiteVersionsProps {
  name: string;
  /** Puts an older one into the editor; null: it cannot be changed. */
  onTake: ((suite: Suite) => void) | null;
}

/** Every version that there was; runs keep to the one that they were measured by. */
export function SuiteVersions({ name, onTake }: SuiteVersionsProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="border-t pt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex h-8 items-center gap-2 text-sm text-fg2 hover:text-fg pointer-coarse:h-10">
        <span aria-hidden>▸</span> Versions
      </summary>
      {open && <Versions name={name} onTake={onTake} />}
    </details>
  );
}

function Versions({ name, onTake }: SuiteVersionsProps) {
  const path = versionsPath(name);
  const { data, error } = useResource<BenchSuiteVersions>(path);
  if (error && !data)
    return (
      <p role="alert" className="flex flex-wrap items-center gap-3 py-2 text-sm">
        Couldn’t load the versions. {error.message}
        <Button onClick={() => refresh(path)}>Try again</Button>
      </p>
    );
  if (!data) return <p className="py-2 text-sm text-fg2">Loading the versions.</p>;
  return (
    <ol className="divide-y text-sm" aria-label="Versions, newest first">
      {data.versions.map(({ hash, at, runs, suite }, index) => (
        <li key={hash} className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2">
          <code className="font-mono text-xs text-fg3">{hash.slice(0, 8)}</code>
          <span className="min-w-40 flex-1 [overflow-wrap:anywhere]">{planWords(suite)}</span>
          <span className="text-xs text-fg3">{plural(runs, 'run')}</span>
          <Ago atMs={instantToMs(at)} className="text-xs text-fg3" />
          {onTake && index > 0 && (
            <Button
              look="quiet"
              className="h-6! px-2! text-xs! pointer-coarse:h-10!"
              onClick={() => onTake(suite)}
            >
              Take it<span className="sr-only"> back: version {hash.slice(0, 8)}</span>
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
