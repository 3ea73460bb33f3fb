'use client';
import type { BenchRun, BenchRunsPage } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { withQuery } from '../api/client';
import { useResource } from '../api/resource';
import { hostName } from '../control/names';
import { clock } from '../format/time';
import { serverNow } from '../live';
import { RUNS } from './calls';
import { Select } from '../page/Select';

interface CompareProps {
  run: BenchRun;
  against: string | null;
  onChange: (id: string | null) => void;
}

const OFFERED = 100;

/** Another run of the same suite to hold it against: of this model and host first, then of others. */
export function Compare({ run, against, onChange }: CompareProps) {
  const { data } = useResource<BenchRunsPage>(withQuery(RUNS, { suite: run.suiteName, limit: OFFERED }));
  const others = (data?.ended ?? []).filter(({ id }) => id !== run.id);
  const isSame = (other: BenchRun): boolean =>
    other.providerId === run.providerId && other.model === run.model;
  const offered = [...others.filter(isSame), ...others.filter((other) => !isSame(other))];
  const words = (other: BenchRun): string => {
    const when = clock(instantToMs(other.startedAt ?? other.createdAt), serverNow());
    const build = other.engineBuild === null ? '' : `, ${other.engineBuild}`;
    return isSame(other)
      ? `${when}${build}`
      : `${when}, ${hostName(other.providerId)}: ${other.model}${build}`;
  };
  return (
    <Select
      label="Compare with"
      all="Compare with its baseline"
      value={against}
      options={offered.map((other) => ({ value: other.id, label: words(other) }))}
      onChange={onChange}
    />
  );
}
