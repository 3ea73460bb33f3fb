'use client';
import type { EvalItemResult } from '@boocontrol/contracts';
import { useState } from 'react';
import { plural } from '../format/number';
import { Button } from '../ui/controls';
import { Legend, Touched } from './Outcomes';
import { groupsOf, type Grouping, type SampleAt } from './items';
import { OUTCOME, share } from './words';

interface ItemsGridProps {
  items: readonly EvalItemResult[];
  by: Grouping;
  onOpen: (sample: SampleAt) => void;
}

/** Past so many items of a group only its beginning is drawn until it is asked for. */
const FIRST = 120;

/** Items by samples, filling as they come: each outcome has a colour and a sign. */
export function ItemsGrid({ items, by, onOpen }: ItemsGridProps) {
  return (
    <div className="flex flex-col gap-4" data-testid="items">
      {groupsOf(items, by).map(({ name, items: held, passed, counted }) => (
        <section key={name} aria-label={name} className="min-w-0">
          <h3 className="mb-1 flex items-baseline gap-3 text-sm">
            <span className="font-medium">{name}</span>
            <span className="text-xs text-fg3">
              {plural(held.length, 'item')}
              {counted > 0 && `, ${share(passed / counted)} of their tries passed`}
            </span>
          </h3>
          <Items items={held} onOpen={onOpen} />
        </section>
      ))}
      <Legend />
    </div>
  );
}

function Items({ items, onOpen }: Pick<ItemsGridProps, 'items' | 'onOpen'>) {
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, FIRST);
  return (
    <>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-x-6 gap-y-0.5">
        {shown.map((item) => (
          <Item key={item.item} item={item} onOpen={onOpen} />
        ))}
      </ul>
      {shown.length < items.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          Show all {plural(items.length, 'item')}
        </Button>
      )}
    </>
  );
}

const STATE = { waiting: 'waiting', asking: 'being asked', grading: 'being graded', done: 'done' } as const;
const OPEN_LOOK = {
  waiting: 'border-line',
  asking: 'border-own bg-own/25 animate-pulse-state',
  grading: 'border-own border-dashed bg-own/15 animate-pulse-state',
  done: '',
} as const;

function Item({
  item: { item, samples, retired },
  onOpen,
}: {
  item: EvalItemResult;
  onOpen: ItemsGridProps['onOpen'];
}) {
  return (
    <li className="flex min-w-0 items-center gap-2 pointer-coarse:min-h-10">
      <span
        className={`min-w-0 flex-1 truncate font-mono text-xs ${retired ? 'text-fg3 line-through' : 'text-fg2'}`}
        title={retired ? `${item}: retired, in no score` : item}
      >
        {item}
      </span>
      <span className="flex max-w-[60%] shrink-0 flex-wrap justify-end gap-1">
        {samples.map(({ sample, state, outcome, isContaminated }) => {
          const word = outcome ? OUTCOME[outcome].word : STATE[state];
          const label = `${item}, try ${sample + 1}: ${word}${isContaminated ? ', contaminated' : ''}`;
          const look = `relative grid size-5 place-items-center rounded-sm border text-2xs leading-none font-semibold pointer-coarse:size-8 ${outcome ? OUTCOME[outcome].look : OPEN_LOOK[state]}`;
          return outcome ? (
            <button
              key={sample}
              type="button"
              onClick={() => onOpen({ item, sample })}
              aria-label={label}
              title={label}
              data-sample={`${item}:${sample}`}
              data-outcome={outcome}
              className={`${look} hover:brightness-125`}
            >
              <span aria-hidden>{OUTCOME[outcome].sign}</span>
              {isContaminated && <Touched />}
            </button>
          ) : (
            <i key={sample} role="img" aria-label={label} title={label} data-state={state} className={look} />
          );
        })}
      </span>
    </li>
  );
}
