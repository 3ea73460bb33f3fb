'use client';
import type { BenchCell } from '@boocontrol/contracts';
import { useMemo, useState } from 'react';
import { Xy } from '../charts/Xy';
import { count } from '../format/number';
import { ViewChoice } from '../page/ViewChoice';
import { Definition } from './Definition';
import { dotsView, percentileView, TIMES, type TimeName } from './samples';
import { Select } from '../page/Select';
import { useSamples } from './use-samples';
import { cellWords } from './words';

interface SamplesViewProps {
  id: string;
  version: number;
  cells: readonly BenchCell[];
}

/** Every request as it was: one by one over the run, and how many of them were how fast. */
export default function SamplesView({ id, version, cells }: SamplesViewProps) {
  const { data, error } = useSamples(id, version);
  const [time, setTime] = useState<TimeName>('ttftMs');
  const [cell, setCell] = useState<string | null>(null);
  const shownCells = useMemo(
    () => cells.filter(({ index }) => cell === null || index === Number(cell)),
    [cells, cell],
  );
  const samples = useMemo(
    () => (data?.samples ?? []).filter((sample) => cell === null || sample.cell === Number(cell)),
    [data, cell],
  );
  const percentiles = useMemo(() => percentileView(shownCells, samples, time), [shownCells, samples, time]);
  const dots = useMemo(() => dotsView(samples, time), [samples, time]);
  const measured = new Set(samples.map((sample) => sample.cell)).size;
  if (!data)
    return (
      <p role="status" className="text-sm text-fg2">
        {error ? `Couldn’t load the requests. ${error.message}` : 'Loading every request.'}
      </p>
    );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <ViewChoice label="Which time" views={TIMES} value={time} onChange={setTime} />
        <Definition figure={time} />
        <Select
          label="Of which cell"
          all="All cells"
          value={cell}
          options={cells.map(({ index, spec }) => ({ value: String(index), label: cellWords(spec) }))}
          onChange={setCell}
        />
      </div>
      {dots === null ? (
        <p className="text-sm text-fg2">Of no request this was measured.</p>
      ) : (
        <div className="grid gap-6 xl:grid-cols-2">
          <Xy view={dots} many />
          {percentiles && <Xy view={percentiles} many />}
        </div>
      )}
      <p className="text-xs text-fg3">
        {count(samples.length)} requests
        {data.leftOut && '; more were sent, which the export has'}.
        {percentiles &&
          percentiles.series.length < measured &&
          ' The distribution shows the first eight cells.'}
      </p>
    </div>
  );
}
