'use client';
import type { BenchCell, FigureKey } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { Xy } from '../charts/Xy';
import { curveOf } from './curves';

const DRAWN: readonly FigureKey[] = ['ttftMs', 'genTps', 'tokensPerS'];

interface CurvesProps {
  runs: readonly { name: string; cells: readonly BenchCell[] }[];
}

/** TTFT and speed along the load and along the length of the prompt, as far as a suite varies them. */
export default function Curves({ runs }: CurvesProps) {
  const views = useMemo(
    () =>
      (['load', 'prompt'] as const).flatMap((along) =>
        DRAWN.flatMap((figure) => {
          const view = curveOf(runs, figure, along);
          return view ? [{ key: `${along} ${figure}`, view }] : [];
        }),
      ),
    [runs],
  );
  if (views.length === 0)
    return (
      <p className="text-sm text-fg2">
        Curves need two loads or two lengths of prompts that were measured; this suite varies neither, or they
        have not been measured yet.
      </p>
    );
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2 2xl:grid-cols-3">
      {views.map(({ key, view }) => (
        <Xy key={key} view={view} />
      ))}
    </div>
  );
}
