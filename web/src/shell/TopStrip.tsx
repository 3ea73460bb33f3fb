'use client';
import type { Totals } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { useResource } from '../api/resource';
import { withQuery } from '../api/client';
import { overview } from '../hosts/overview';
import { compact, count, NONE, plural, rate } from '../format/number';
import { midnightMs } from '../format/time';
import { fleetNow, live, useFleetTick, useIsLost, useLive, useTick } from '../live';
import { Eased } from '../ui/Eased';
import { SearchIcon } from '../ui/icons';
import { Mark } from '../ui/marks';
import { PageLink } from './PageLink';
import { overlay } from './overlay';

const TODAY_EVERY_MS = 30_000;

export function TopStrip() {
  const known = useLive(({ fleet }) => fleet !== null);
  const lost = useIsLost();
  return (
    <header
      className="flex h-14 shrink-0 items-center gap-3 border-b bg-s1 px-3 md:gap-8 md:px-6"
      aria-label="Whole fleet"
    >
      {known ? (
        <div className={`flex min-w-0 gap-3 md:gap-8 ${lost ? 'stale' : ''}`}>
          <Figures />
        </div>
      ) : (
        <p className="text-sm text-fg3">BooControl</p>
      )}
      <button
        type="button"
        onClick={() => overlay.show('palette')}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        className="ml-auto flex h-8 pointer-coarse:h-10 items-center gap-2 rounded-md border px-2.5 text-sm text-fg3 hover:border-line-strong hover:text-fg max-md:hidden"
      >
        <SearchIcon className="size-4" />
        Find
        <kbd aria-hidden className="rounded border px-1.5 font-mono text-2xs">
          Ctrl K
        </kbd>
      </button>
      <ConnectionState />
    </header>
  );
}

/** Whole-fleet figures, each re-rendered on its own when it changes. */
function Figures() {
  const { providers, fleet, marks } = useLive((state) => state);
  const hosts = fleet?.hosts ?? {};
  const tps = useFleetTick(
    (nowMs) => Math.round(overview(providers, hosts, marks, nowMs).outputTps * 10) / 10,
  );
  const { up, followed, hidden, inflight } = overview(providers, hosts, marks, fleetNow());
  return (
    <>
      <Figure name="Hosts up" {...(hidden > 0 ? { hint: hiddenHint(hidden) } : {})}>
        <span className={up < followed ? 'text-busy' : ''}>
          <Eased value={up} format={count} />
        </span>
        <span className="unit">of {count(followed)}</span>
      </Figure>
      <PageLink
        href="/activity/?what=in-flight"
        className="min-w-0 hover:text-accent pointer-coarse:min-h-10"
        title="Which ones"
      >
        <Figure name="In flight" calm={inflight === 0}>
          <Eased value={inflight} format={count} />
        </Figure>
      </PageLink>
      <Figure
        name="Tok/s, 1 min"
        hint="Generated tokens per second, on average over the last minute; a request counts when it ends"
        calm={tps === 0}
      >
        <Eased value={tps} format={rate} />
      </Figure>
      <Today />
    </>
  );
}

const hiddenHint = (hidden: number): string =>
  `${plural(hidden, 'hidden host')} not counted; requests and tokens are those of all hosts`;

function Today() {
  const midnight = useTick(midnightMs);
  const path = withQuery('/activity/totals', { from: new Date(midnight).toISOString() });
  const { data } = useResource<Totals>(live.get().fleet ? path : null, TODAY_EVERY_MS);
  const total = data?.groups[0];
  const prompt = total?.promptTokens ?? total?.inputTokens ?? 0;
  const tokens = data ? prompt + (total?.outputTokens ?? 0) : null;
  const hint = total
    ? `${count(prompt)} prompt tokens and ${count(total.outputTokens)} generated in ${count(total.requests)} requests since local midnight`
    : 'Tokens since local midnight';
  return (
    <Figure name="Tokens today" hint={hint}>
      {tokens === null ? NONE : <Eased value={tokens} format={compact} />}
    </Figure>
  );
}

interface FigureProps {
  name: string;
  hint?: string;
  /** Nothing happens: drawn dim. */
  calm?: boolean;
  children: ReactNode;
}

function Figure({ name, hint, calm = false, children }: FigureProps) {
  return (
    <div className="min-w-0" title={hint}>
      <div className="eyebrow truncate">{name}</div>
      <div
        className={`num text-base leading-5 font-medium whitespace-nowrap md:inst md:text-xl ${calm ? 'text-fg3' : ''}`}
      >
        {children}
      </div>
    </div>
  );
}

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Lost' } as const;

function ConnectionState() {
  const phase = useLive(({ link }) => link.phase);
  const word = WORDS[phase];
  return (
    <div
      className="flex items-center gap-2 text-sm text-fg2 max-md:ml-auto"
      title={`Connection to BooControl: ${word}`}
    >
      <Mark
        tone={phase === 'live' ? 'ready' : phase === 'lost' ? 'error' : 'busy'}
        pulses={phase === 'connecting'}
      />
      <span className="max-sm:sr-only">{word}</span>
    </div>
  );
}
