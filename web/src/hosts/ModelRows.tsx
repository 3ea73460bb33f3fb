'use client';
import { ChevronIcon, ShieldIcon, StarIcon } from '../ui/icons';
import { timeToUnload } from '@boocontrol/fleet-model';
import { instantToMs } from '@boocontrol/fleet-model';
import { plural } from '../format/number';
import { useFleetTick, useProvider } from '../live';
import { Chip, Mark } from '../ui/marks';
import { Ring } from '../ui/gauges';
import { Ago } from '../live/Ago';
import { Button } from '../ui/controls';
import { Menu } from '../ui/Menu';
import { isProtected, modelOffers } from '../control/offers';
import { hide, setFavorite, showAgain } from './marks';
import type { ModelView } from './models';

/** A loaded (or loading, or failed) model: two lines of fixed height. */
export function ModelRow({ providerId, view }: { providerId: string; view: ModelView }) {
  const failedAt = view.tone === 'error' ? view.model.failedAt : null;
  return (
    <li className="group/model flex h-13 items-center gap-2" data-model={view.id}>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1">
          <span className="truncate font-mono text-sm" title={view.model.description || view.id}>
            {view.label}
          </span>
          <ProtectedMark providerId={providerId} view={view} />
          <StarButton providerId={providerId} view={view} />
          <ModelMenu providerId={providerId} view={view} />
        </div>
        <div className="mt-0.5 flex h-5 items-center gap-2 overflow-hidden text-xs whitespace-nowrap text-fg2">
          <Chip tone={view.tone} pulses={view.pulses}>
            {view.word}
          </Chip>
          {failedAt && <Ago atMs={instantToMs(failedAt)} className="text-fg2" />}
          {view.quant && <span className="font-mono">{view.quant}</span>}
          {view.context && (
            <span>
              <span className="font-mono">{view.context}</span> <span className="text-fg3">ctx</span>
            </span>
          )}
          {view.inflight > 0 && (
            <span className="text-accent">
              <span className="num">{view.inflight}</span> in flight
            </span>
          )}
        </div>
      </div>
      <div className="size-9 shrink-0">
        <Unload view={view} />
      </div>
    </li>
  );
}

function Unload({ view }: { view: ModelView }) {
  const leftS = useFleetTick((nowMs) => {
    const left = timeToUnload(view.model, view.lastEnd, view.inflight, nowMs);
    return left ? Math.ceil(left.leftS) : -1;
  });
  const ttlS = view.model.ttlS ?? 0;
  if (leftS < 0) {
    return view.model.state === 'ready' && view.model.ttlS === 0 ? (
      <span className="grid size-full place-items-center text-fg3" title="Never unloads by itself">
        <span aria-hidden>∞</span>
        <span className="sr-only">never unloads by itself</span>
      </span>
    ) : null;
  }
  const label =
    view.inflight > 0 ? `Unloads ${ttlS} s after its last request` : `Unloads in ${leftS} s when idle`;
  return <Ring leftS={leftS} ofS={ttlS} label={label} />;
}

export function StarButton({ providerId, view }: ModelPartProps) {
  const label = view.favorite ? `Unstar ${view.label}` : `Star ${view.label}`;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={view.favorite}
      title={label}
      onClick={() => void setFavorite(providerId, view.id, !view.favorite)}
      className={`grid size-6 pointer-coarse:relative pointer-coarse:-my-2 pointer-coarse:size-10 shrink-0 place-items-center rounded hover:text-busy ${view.favorite ? 'text-busy' : 'text-fg3'}`}
    >
      <StarIcon className="size-3.5" fill={view.favorite ? 'currentColor' : 'none'} />
    </button>
  );
}

/** The models that are not loaded, folded behind their number. */
export function OtherModels({ providerId, views }: { providerId: string; views: ModelView[] }) {
  if (views.length === 0) return null;
  const starred = views.filter(({ favorite }) => favorite).length;
  return (
    <details className="group border-t">
      <summary className="flex h-9 pointer-coarse:h-10 items-center gap-1.5 text-sm text-fg2 hover:text-fg">
        <ChevronIcon className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        {plural(views.length, 'model')} not loaded
        {starred > 0 && <span className="text-fg3">· {starred} starred</span>}
      </summary>
      <ul className="pb-2">
        {views.map((view) => (
          <li
            key={view.id}
            className="group/model flex h-8 pointer-coarse:h-10 items-center gap-2 text-xs text-fg2"
            data-model={view.id}
          >
            <StarButton providerId={providerId} view={view} />
            <span className="min-w-0 flex-1 truncate font-mono" title={view.id}>
              {view.label}
            </span>
            <ProtectedMark providerId={providerId} view={view} />
            {view.quant && <span className="font-mono text-fg3">{view.quant}</span>}
            {view.context && <span className="font-mono text-fg3">{view.context}</span>}
            <span className="flex items-center gap-1.5 text-fg3">
              <Mark tone={view.tone} />
              {view.word}
            </span>
            <ModelMenu providerId={providerId} view={view} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The models that somebody hid, folded behind a quiet line. */
export function HiddenModels({ providerId, views }: { providerId: string; views: ModelView[] }) {
  if (views.length === 0) return null;
  const loaded = views.filter((view) => view.loaded).length;
  return (
    <details className="group/hidden border-t">
      <summary className="flex h-9 pointer-coarse:h-10 items-center gap-1.5 text-sm text-fg3 hover:text-fg">
        <ChevronIcon className="size-4 transition-transform group-open/hidden:rotate-90" aria-hidden />
        {plural(views.length, 'model')} hidden{loaded > 0 && `, ${loaded} of them loaded`}
        <span aria-hidden>
          · <span className="group-open/hidden:hidden">Show</span>
          <span className="hidden group-open/hidden:inline">Fold</span>
        </span>
      </summary>
      <ul className="pb-2">
        {views.map(({ id, label, tone, word }) => (
          <li
            key={id}
            className="flex h-8 pointer-coarse:h-10 items-center gap-2 text-xs text-fg3"
            data-model={id}
          >
            <span className="stale flex min-w-0 flex-1 items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-mono" title={id}>
                {label}
              </span>
              <Mark tone={tone} />
              {word}
            </span>
            <Button
              look="quiet"
              className="h-7! px-2! text-xs! pointer-coarse:h-10!"
              onClick={() => void showAgain({ providerId, model: id, label })}
            >
              Show again<span className="sr-only"> {label}</span>
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface ModelPartProps {
  providerId: string;
  view: ModelView;
}

function ProtectedMark({ providerId, view: { id } }: ModelPartProps) {
  const provider = useProvider(providerId);
  if (!provider || !isProtected(provider, id)) return null;
  return (
    <span className="shrink-0 text-fg2" title="Protected: unloaded by BooControl only when that is confirmed">
      <ShieldIcon className="size-3.5" />
      <span className="sr-only">protected</span>
    </span>
  );
}

/** Seen when the row is pointed at or has the focus, and always where nothing can point. */
export function ModelMenu({ providerId, view: { id, label, favorite, model } }: ModelPartProps) {
  const provider = useProvider(providerId);
  return (
    <span className="shrink-0 pointer-coarse:relative pointer-coarse:-my-2 group-hover/model:opacity-100 focus-within:opacity-100 has-aria-expanded:opacity-100 pointer-fine:opacity-0">
      <Menu
        small
        label={`Actions for ${label}`}
        items={[
          ...(provider ? modelOffers(provider, model, label) : []),
          { label: favorite ? 'Unstar' : 'Star', run: () => void setFavorite(providerId, id, !favorite) },
          { label: 'Hide model', run: () => void hide({ providerId, model: id, label }) },
        ]}
      />
    </span>
  );
}
