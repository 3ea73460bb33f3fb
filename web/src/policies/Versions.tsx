'use client';
import type { RoutePolicyInput, RoutePolicyVersions } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { useState } from 'react';
import { refresh, useResource } from '../api/resource';
import { Ago } from '../live/Ago';
import { Button } from '../ui/controls';
import { versionsPath } from './calls';
import { policyChanges } from './changes';

interface VersionsProps {
  name: string;
  /** Puts an older one into the editor; it is saved like any other change. */
  onTake: (policy: RoutePolicyInput) => void;
}

/** Every version that there was, with what it changed. */
export function Versions({ name, onTake }: VersionsProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="border-t pt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex h-8 items-center gap-2 text-sm text-fg2 hover:text-fg pointer-coarse:h-10">
        <span aria-hidden>▸</span> Versions before
      </summary>
      {open && <Past name={name} onTake={onTake} />}
    </details>
  );
}

function Past({ name, onTake }: VersionsProps) {
  const path = versionsPath(name);
  const { data, error } = useResource<RoutePolicyVersions>(path);
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
      {data.versions.map(({ version, at, policy }, index) => {
        const before = data.versions[index + 1]?.policy;
        return (
          <li key={version} className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2">
            <span className="num w-20 shrink-0 text-fg2">version {version}</span>
            <span className="min-w-40 flex-1 [overflow-wrap:anywhere]">{wordsOf(policy, before)}</span>
            <Ago atMs={instantToMs(at)} className="text-xs text-fg3" />
            {policy && index > 0 && (
              <Button
                look="quiet"
                className="h-6! px-2! text-xs! pointer-coarse:h-10!"
                onClick={() => onTake(policy)}
              >
                Take it<span className="sr-only"> back: version {version}</span>
              </Button>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function wordsOf(policy: RoutePolicyInput | null, before: RoutePolicyInput | null | undefined): string {
  if (policy === null) return 'removed';
  if (!before) return before === null ? 'made again' : 'made';
  return policyChanges(before, policy).join('; ') || 'nothing changed';
}
