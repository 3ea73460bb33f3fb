'use client';
import type { ReactNode } from 'react';
import type { PresetName, TimeRange } from '../browser/range';
import { RangePicker } from './RangePicker';

interface PageHeadProps {
  title: string;
  /** Beside the title: how much is shown. Told to screen readers when it changes. */
  note?: ReactNode;
  /** Fields and chips; they take the room between the title and the right edge. */
  filters?: ReactNode;
  range?: {
    value: TimeRange;
    onChange: (range: TimeRange) => void;
    presets?: readonly PresetName[] | undefined;
  };
  /** Buttons at the right. */
  children?: ReactNode;
  /** A line below: sums of what is shown. */
  below?: ReactNode;
}

/** The top of every page: its name, how much it shows, filters, time range, actions. On a phone the filters go below. */
export function PageHead({ title, note, filters, range, children, below }: PageHeadProps) {
  return (
    <div className="flex flex-col gap-2 px-4 py-3 md:px-6">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="flex min-w-0 items-baseline gap-3 max-sm:flex-1 sm:max-w-[45%] pointer-coarse:pt-1">
          <h1 className="text-xl leading-8 font-semibold [overflow-wrap:anywhere]">{title}</h1>
          {note !== undefined && (
            <span className="shrink-0 text-sm text-fg3" role="status">
              {note}
            </span>
          )}
        </div>
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2 max-sm:order-last max-sm:basis-full sm:min-w-64">
          {filters}
        </div>
        <div className="ml-auto flex shrink-0 items-center gap-2">
          {range && <RangePicker {...range} />}
          {children}
        </div>
      </div>
      {below}
    </div>
  );
}
