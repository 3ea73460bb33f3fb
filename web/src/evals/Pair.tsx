'use client';
import type { LeaderboardRow } from '@boocontrol/contracts';
import { useState } from 'react';
import { hostName } from '../control/names';
import { Select } from '../page/Select';
import { Button } from '../ui/controls';
import { pairKey } from './address';
import { commonSuites, entryOf, rowKey } from './board';

interface PairProps {
  rows: readonly LeaderboardRow[];
  /** Keys of the rows that were chosen, two at most. */
  chosen: readonly string[];
  onClear: () => void;
  onCompare: (pair: string) => void;
}

/** Below the leaderboard: which two are chosen, and the button that holds them against each other. */
export function Pair({ rows, chosen, onClear, onCompare }: PairProps) {
  const [picked, setPicked] = useState<string | null>(null);
  const found = chosen.flatMap((key) => rows.find((row) => rowKey(row) === key) ?? []);
  const [a, b] = found;
  if (!a) return null;
  const suites = b ? commonSuites(a, b) : [];
  const suite = suites.find((name) => name === picked) ?? suites[0] ?? null;
  const name = ({ model, providerId }: LeaderboardRow): React.ReactNode => (
    <>
      <code className="font-mono text-xs">{model}</code> on {hostName(providerId)}
    </>
  );
  const [left, right] = suite === null || !b ? [null, null] : [entryOf(a, suite), entryOf(b, suite)];
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t bg-s2 px-4 py-2 text-sm md:px-6"
    >
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {name(a)}
        {b ? <> against {name(b)}</> : '. Choose another one to compare it with.'}
      </span>
      {b && suites.length === 0 && (
        <span className="text-busy">They share no version of a suite, so nothing can be compared.</span>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        {suites.length > 1 && (
          <Select
            label="By which suite"
            value={suite}
            options={suites.map((each) => ({ value: each, label: each }))}
            onChange={setPicked}
          />
        )}
        <Button onClick={onClear}>Clear</Button>
        {left && right && (
          <Button look="primary" onClick={() => onCompare(pairKey(left.runId, right.runId))}>
            Compare
          </Button>
        )}
      </span>
    </div>
  );
}
