'use client';
import { useState } from 'react';
import { useMedia } from '../browser/media';
import { ViewChoice } from '../page/ViewChoice';
import type { Desk } from './desk';
import type { Run } from './run';
import { PaneView } from './PaneView';
import { MOST_PANES, type Pane } from './types';

interface PaneGridProps {
  desk: Desk;
  panes: readonly Pane[];
  runs: Readonly<Record<string, Run>>;
  onWhy: (dispatchId: string) => void;
}

/** Side by side where there is room: four in a row, else two and two. On a phone one at a time. */
const COLUMNS = [
  '',
  'grid-cols-1',
  'grid-cols-2',
  'grid-cols-2 @4xl:grid-cols-3',
  'grid-cols-2 @6xl:grid-cols-4',
];

export function PaneGrid({ desk, panes, runs, onWhy }: PaneGridProps) {
  const isNarrow = useMedia('(width < 48rem)');
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, panes.length - 1);
  const isTabbed = isNarrow && panes.length > 1;
  return (
    <div className="@container flex min-h-0 flex-1 flex-col">
      {isTabbed && (
        <div className="flex justify-center border-b p-2">
          <ViewChoice
            label="Conversation"
            views={panes.map((pane, n) => ({
              name: String(n),
              text: runs[pane.id] ? `${n + 1} …` : String(n + 1),
            }))}
            value={String(at)}
            onChange={(name) => setChosen(Number(name))}
          />
        </div>
      )}
      <div
        className={`grid min-h-0 flex-1 auto-rows-fr gap-px bg-line ${isTabbed ? 'grid-cols-1' : COLUMNS[panes.length]}`}
      >
        {panes.map(
          (pane, n) =>
            (!isTabbed || n === at) && (
              <PaneView
                key={pane.id}
                desk={desk}
                pane={pane}
                run={runs[pane.id]}
                number={n + 1}
                count={panes.length}
                canFork={panes.length < MOST_PANES}
                onWhy={onWhy}
              />
            ),
        )}
      </div>
    </div>
  );
}
