'use client';
import type { Model, PublicProvider } from '@boocontrol/contracts';
import { useDeferredValue, useMemo, useState } from 'react';
import { count, plural } from '../format/number';
import { useHost, useMarks } from '../live';
import { ChevronIcon } from '../ui/icons';
import { Mark } from '../ui/marks';
import { HiddenModels, ModelMenu, StarButton } from './ModelRows';
import { groupModels, type ModelView } from './models';

/** A list may have hundreds; past so many, whoever looks for one types its name. */
const SHOWN_MAX = 100;

/** The models of a provider that only answers requests: folded behind their number, and found by typing. */
export function ServiceModels({ provider, isOpen = false }: { provider: PublicProvider; isOpen?: boolean }) {
  const host = useHost(provider.id);
  const marks = useMarks();
  const [open, setOpen] = useState(isOpen);
  const { all, hidden } = useMemo(() => {
    const groups = groupModels(host, marks);
    return { all: [...groups.loaded, ...groups.failed, ...groups.others], hidden: groups.hidden };
  }, [host, marks]);
  if (all.length + hidden.length === 0)
    return <p className="border-t py-2 text-sm text-fg3">No models known yet.</p>;
  return (
    <div>
      <details className="group border-t" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex h-9 pointer-coarse:h-10 items-center gap-1.5 text-sm text-fg2 hover:text-fg">
          <ChevronIcon className="size-4 transition-transform group-open:rotate-90" aria-hidden />
          {plural(all.length, 'model')}
        </summary>
        {open && <Found provider={provider} views={all} />}
      </details>
      <HiddenModels providerId={provider.id} views={hidden} />
    </div>
  );
}

function Found({ provider, views }: { provider: PublicProvider; views: readonly ModelView[] }) {
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed).trim().toLowerCase();
  const found = views.filter(({ id, label }) => `${id} ${label}`.toLowerCase().includes(wanted));
  const shown = found.slice(0, SHOWN_MAX);
  return (
    <div className="pb-2">
      {views.length > 10 && (
        <input
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={`Find one of ${count(views.length)}`}
          aria-label={`Find a model of ${provider.label}`}
          className="mb-1 h-8 w-full rounded-md border border-line-strong bg-bg px-2.5 text-sm pointer-coarse:h-10"
        />
      )}
      <ul className="max-h-80 overflow-y-auto" tabIndex={0} aria-label={`Models of ${provider.label}`}>
        {shown.map((view) => (
          <li
            key={view.id}
            className="group/model flex h-8 pointer-coarse:h-10 items-center gap-2 text-xs text-fg2"
            data-model={view.id}
          >
            <StarButton providerId={provider.id} view={view} />
            <span className="min-w-0 flex-1 truncate font-mono" title={view.model.description || view.id}>
              {view.id}
            </span>
            {view.context && <span className="font-mono text-fg3">{view.context}</span>}
            <ModelNow kind={provider.kind} model={view.model} />
            <ModelMenu providerId={provider.id} view={view} />
          </li>
        ))}
        {found.length === 0 && <li className="py-2 text-sm text-fg3">No model has that in its name.</li>}
      </ul>
      {found.length > shown.length && (
        <p className="pt-1 text-xs text-fg3">
          And {count(found.length - shown.length)} more: type a part of a name.
        </p>
      )}
    </div>
  );
}

/** A service tells nothing of it; another BooControl does. */
function ModelNow({ kind, model: { state, available } }: { kind: PublicProvider['kind']; model: Model }) {
  if (kind !== 'boocontrol-gateway') return null;
  const [tone, word] =
    available === false
      ? (['error', 'cannot serve'] as const)
      : state === 'ready'
        ? (['ready', 'loaded'] as const)
        : (['down', 'not loaded'] as const);
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap text-fg3">
      <Mark tone={tone} />
      {word}
    </span>
  );
}
