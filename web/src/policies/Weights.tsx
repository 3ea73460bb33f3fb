'use client';
import type { RouteTerms } from '@boocontrol/contracts';
import { useId } from 'react';
import { percent } from '../format/number';
import { capital } from '../format/text';
import { TERMS } from '../dispatch/dispatch-words';

const MEANS: Readonly<Record<keyof RouteTerms, string>> = {
  quality: 'How good the model is at it',
  speed: 'How soon its answers are there',
  readiness: 'Whether it is loaded, or how soon it would be',
  load: 'How little its host has to do',
  affinity: 'Whether the same session was there last',
  price: 'How little it costs',
};

interface WeightsProps {
  value: RouteTerms;
  onChange: (value: RouteTerms) => void;
}

/** How much each part of the score counts: a slider and its number, by pointer or keyboard. */
export function Weights({ value, onChange }: WeightsProps) {
  const sum = TERMS.reduce((all, term) => all + value[term], 0);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Weights</legend>
      <div className="flex flex-col gap-1">
        {TERMS.map((term) => (
          <Weight
            key={term}
            name={capital(term)}
            means={MEANS[term]}
            value={value[term]}
            share={sum > 0 ? value[term] / sum : 0}
            onChange={(weight) => onChange({ ...value, [term]: weight })}
          />
        ))}
      </div>
      {sum === 0 && (
        <p className="mt-1 text-xs text-busy">
          Nothing counts: the order is by the hosts’ and models’ names alone.
        </p>
      )}
    </fieldset>
  );
}

interface WeightProps {
  name: string;
  means: string;
  value: number;
  /** Of all weights, 0 to 1. */
  share: number;
  onChange: (value: number) => void;
}

const STEP = 0.05;
const clamped = (value: number): number => Math.min(1, Math.max(0, Number.isNaN(value) ? 0 : value));

function Weight({ name, means, value, share, onChange }: WeightProps) {
  const id = useId();
  return (
    <div
      title={means}
      className="grid grid-cols-[5.5rem_minmax(0,1fr)_4.5rem_2.75rem] items-center gap-3 text-sm"
    >
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={STEP}
        value={value}
        aria-valuetext={`${value}, ${percent(100 * share)}% of the score`}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        className="h-8 w-full cursor-pointer accent-accent pointer-coarse:h-10"
      />
      <input
        type="number"
        min={0}
        max={1}
        step="any"
        value={value}
        aria-label={`${name} as a number`}
        onChange={(event) => onChange(clamped(event.currentTarget.valueAsNumber))}
        className="num h-8 w-full rounded-md border border-line-strong bg-bg px-2 text-right pointer-coarse:h-10"
      />
      <span className="num text-right text-xs text-fg3">{percent(100 * share)}%</span>
    </div>
  );
}
