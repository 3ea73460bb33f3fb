'use client';
import { useState, type FormEvent } from 'react';
import {
  last,
  PRESETS,
  rangeSpan,
  rangeText,
  sameRange,
  type PresetName,
  type TimeRange,
} from '../browser/range';
import { capital } from '../format/text';
import { localText, parseLocal } from '../format/time';
import { Button } from '../ui/controls';
import { CheckIcon, ClockIcon } from '../ui/icons';
import { Popover } from '../ui/Popover';

interface RangePickerProps {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
  /** What is offered; absent: all. */
  presets?: readonly PresetName[] | undefined;
}

/** Presets that end now, or from one moment to another. */
export function RangePicker({ value, onChange, presets }: RangePickerProps) {
  const text = capital(rangeText(value));
  const offered = PRESETS.filter(({ name }) => !presets || presets.includes(name));
  return (
    <Popover
      label="Time range"
      buttonLabel={`Time range: ${text}`}
      align="end"
      button={
        <>
          <ClockIcon className="size-4 text-fg3" />
          {text}
        </>
      }
    >
      {(close) => {
        const choose = (range: TimeRange): void => {
          onChange(range);
          close();
        };
        return (
          <div className="w-64">
            <ul>
              {offered.map(({ name, text: words }) => {
                const chosen = sameRange(value, last(name));
                return (
                  <li key={name}>
                    <button
                      type="button"
                      aria-pressed={chosen}
                      onClick={() => choose(last(name))}
                      className="flex h-8 pointer-coarse:h-10 w-full items-center justify-between rounded px-3 text-left text-sm hover:bg-s3"
                    >
                      {capital(words)}
                      {chosen && <CheckIcon className="size-4 text-accent" />}
                    </button>
                  </li>
                );
              })}
            </ul>
            <Between value={value} onChange={choose} />
          </div>
        );
      }}
    </Popover>
  );
}

const DAY_MS = 86_400_000;

function Between({ value, onChange }: { value: TimeRange; onChange: (range: TimeRange) => void }) {
  const [start] = useState(() => {
    const { fromMs, toMs } = rangeSpan(value, Date.now());
    return { from: localText(fromMs ?? toMs - DAY_MS), to: localText(toMs) };
  });
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [fromMs, toMs] = [parseLocal(String(form.get('from'))), parseLocal(String(form.get('to')))];
    if (fromMs === null || toMs === null) setProblem('Enter both moments.');
    else if (fromMs >= toMs) setProblem('The end must be after the beginning.');
    else onChange({ kind: 'between', fromMs, toMs });
  };
  return (
    <form onSubmit={submit} noValidate className="mt-1 flex flex-col gap-2 border-t p-3 pt-2">
      <Moment name="from" label="From" start={start.from} problem={problem} />
      <Moment name="to" label="To" start={start.to} problem={problem} />
      {problem && (
        <p id="range-problem" role="alert" className="text-xs text-error">
          {problem}
        </p>
      )}
      <Button type="submit">Show this range</Button>
    </form>
  );
}

interface MomentProps {
  name: string;
  label: string;
  start: string;
  problem: string | null;
}

function Moment({ name, label, start, problem }: MomentProps) {
  return (
    <label className="flex items-center gap-2 text-xs text-fg2">
      <span className="w-9">{label}</span>
      <input
        type="datetime-local"
        name={name}
        defaultValue={start}
        aria-invalid={problem !== null}
        aria-describedby={problem ? 'range-problem' : undefined}
        className="num h-8 pointer-coarse:h-10 min-w-0 flex-1 rounded-md border border-line-strong bg-bg px-2 text-sm text-fg"
      />
    </label>
  );
}
