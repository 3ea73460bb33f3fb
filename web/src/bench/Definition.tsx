'use client';
import { definitionOf, type FigureKey } from '@boocontrol/contracts';
import { capital } from '../format/text';
import { InfoIcon } from '../ui/icons';
import { Popover } from '../ui/Popover';

const BETTER = { higher: 'More is better.', lower: 'Less is better.' } as const;

/** What a figure is, one click away from it. */
export function Definition({ figure }: { figure: FigureKey }) {
  const { label, unit, is, formula, source, better } = definitionOf(figure);
  return (
    <Popover
      label={`What ${label} is`}
      buttonLabel={`What ${label} is`}
      look="quiet"
      button={<InfoIcon className="size-4" />}
    >
      {() => (
        <div className="flex w-80 max-w-full flex-col gap-2 p-3 text-sm">
          <p className="font-semibold">
            {capital(label)} <span className="font-normal text-fg3">{unit}</span>
          </p>
          <p>
            {is} {better && BETTER[better]}
          </p>
          <code className="font-mono text-xs text-fg2">{formula}</code>
          <p className="text-xs text-fg3">
            Said by: {source}. Medians, with their 95 % interval by bootstrap.
          </p>
        </div>
      )}
    </Popover>
  );
}
