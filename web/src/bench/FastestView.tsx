'use client';
import type { BenchFastest } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { refresh, useResource } from '../api/resource';
import { useHostName } from '../control/names';
import { Ago } from '../live/Ago';
import { ModelBadges } from '../models/ModelBadges';
import { Awaiting, Button } from '../ui/controls';
import { runHref } from './address';
import { WithinLink } from '../page/WithinLink';
import { FASTEST } from './calls';
import { say } from './figures';
import { useChanges } from '../live/use-jobs';

type OfModel = BenchFastest['models'][number];

/** How fast each model is on each host that has measured it, the fastest first. */
export function FastestView() {
  const { data, error } = useResource<BenchFastest>(FASTEST);
  useChanges('bench', null, () => refresh(FASTEST));
  if (!data)
    return error ? (
      <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
        Couldn’t load them. {error.message}
        <Button onClick={() => refresh(FASTEST)}>Try again</Button>
      </p>
    ) : (
      <Awaiting>Loading the fastest hosts.</Awaiting>
    );
  const measured = data.models.filter(({ hosts }) => hosts.length > 0);
  if (measured.length === 0)
    return <p className="text-sm text-fg2">No model has a clean run yet; what is measured appears here.</p>;
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      {measured.map((each) => (
        <Model key={each.model} of={each} />
      ))}
    </div>
  );
}

function Model({ of: { model, hosts } }: { of: OfModel }) {
  const top = Math.max(...hosts.map(({ genTps }) => genTps ?? 0));
  return (
    <section aria-label={model} className="min-w-0 rounded-lg border bg-s1 px-4 py-3">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{model}</code>
        <ModelBadges places={hosts.map(({ providerId }) => ({ providerId, model }))} />
      </h3>
      <table className="mt-2 w-full text-sm">
        <thead>
          <tr className="text-left text-2xs text-fg3">
            <th scope="col" className="font-normal">
              Host
            </th>
            <th scope="col" className="w-1/3 pl-3 font-normal max-sm:hidden">
              <span className="sr-only">Share of the fastest</span>
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              tokens/s
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              TTFT, ms
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              measured
            </th>
          </tr>
        </thead>
        <tbody>
          {hosts.map((host) => (
            <Host key={host.providerId} host={host} top={top} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Host({
  host: { providerId, runId, at, cell, genTps, ttftMs },
  top,
}: {
  host: OfModel['hosts'][number];
  top: number;
}) {
  const name = useHostName(providerId);
  return (
    <tr className="border-t" title={cell}>
      <th scope="row" className="max-w-40 truncate py-1 text-left font-normal">
        {name}
      </th>
      <td className="py-1 pl-3 max-sm:hidden">
        <div aria-hidden className="h-1.5 rounded-full bg-s3">
          <div
            className="h-1.5 rounded-full bg-accent"
            style={{ width: `${genTps === null || top === 0 ? 0 : (100 * genTps) / top}%` }}
          />
        </div>
      </td>
      <td className="num py-1 pl-3 text-right font-medium">{say('genTps', genTps)}</td>
      <td className="num py-1 pl-3 text-right text-fg2">{say('ttftMs', ttftMs)}</td>
      <td className="py-1 pl-3 text-right text-xs whitespace-nowrap">
        <WithinLink href={runHref(runId)} className="text-accent hover:underline pointer-coarse:py-3">
          <Ago atMs={instantToMs(at)} />
        </WithinLink>
      </td>
    </tr>
  );
}
