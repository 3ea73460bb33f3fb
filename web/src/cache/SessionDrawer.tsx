'use client';
import type { CacheTurns } from '@boocontrol/contracts';
import { activityKey, instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { withQuery } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { hostName } from '../control/names';
import { compact, duration, plural, spoken } from '../format/number';
import { useTick } from '../live';
import { Ago } from '../live/Ago';
import { StaleNote } from '../live/StaleNote';
import { PageLink } from '../shell/PageLink';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { KindMark } from './marks';
import { causeWords, hitRate, share, shortSession } from './words';

const DAY_MS = 24 * 3_600_000;
/** Sessions are looked back for so far, whatever the page shows. */
const BACK_MS = 30 * DAY_MS;
const STEP_MS = 60_000;

interface SessionDrawerProps {
  session: string;
  onDrift: (id: string) => void;
  onClose: () => void;
}

/** The requests of a conversation, newest first, each with what of its prompt came from the cache. */
export default function SessionDrawer({ session, onDrift, onClose }: SessionDrawerProps) {
  const nowMs = useTick((ms) => Math.floor(ms / STEP_MS) * STEP_MS);
  const path = withQuery(`/prompt-cache/sessions/${session}`, { from: instantFromMs(nowMs - BACK_MS) });
  const { data, error } = useKept(useResource<CacheTurns>(path), session);
  return (
    <Drawer title={`Session ${shortSession(session)}`} isText onClose={onClose}>
      <StaleNote />
      {!data && !error && <Awaiting>Loading the requests of the session.</Awaiting>}
      {!data && error && (
        <Notice
          title="Couldn’t load the session"
          action={<Button onClick={() => refresh(path)}>Try again</Button>}
        >
          {error.message}
        </Notice>
      )}
      {data?.turns.length === 0 && (
        <Notice title="No request of it is known">Its requests are older than 30 days.</Notice>
      )}
      {data && data.turns.length > 0 && <Turns turns={data.turns} onDrift={onDrift} />}
    </Drawer>
  );
}

interface TurnsProps {
  turns: CacheTurns['turns'];
  onDrift: (id: string) => void;
}

function Turns({ turns, onDrift }: TurnsProps) {
  const longest = Math.max(1, ...turns.map(({ promptTokens }) => promptTokens ?? 0));
  return (
    <>
      <p className="mb-3 text-sm text-fg2">
        {plural(turns.length, 'request')}, newest first. A bar is a prompt, as long as its tokens; what came
        from the cache is bright.
      </p>
      <ol className="divide-y rounded-lg border text-sm">
        {turns.map((turn) => (
          <li key={turn.id} className="px-3 py-2">
            <TurnRow turn={turn} longest={longest} onDrift={onDrift} />
          </li>
        ))}
      </ol>
    </>
  );
}

interface TurnRowProps {
  turn: CacheTurns['turns'][number];
  longest: number;
  onDrift: (id: string) => void;
}

function TurnRow({ turn, longest, onDrift }: TurnRowProps) {
  const { id, at, providerId, model, row, prefix, promptTokens, cacheTokens, drift } = turn;
  const width = (tokens: number | null): string => `${(100 * (tokens ?? 0)) / longest}%`;
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-3">
        <PageLink
          href={
            row === undefined
              ? `/routing/?dispatch=${id}`
              : `/activity/?open=${activityKey({ providerId, ...row })}`
          }
          className="text-accent hover:underline pointer-coarse:leading-10"
        >
          <Ago atMs={instantToMs(at)} />
          <span className="sr-only">
            : {row === undefined ? 'how it was decided' : 'its row in Activity'}
          </span>
        </PageLink>
        <span className="min-w-0 truncate text-xs text-fg2">
          {hostName(providerId)} <code className="font-mono">{model}</code>
        </span>
        <span className="num ml-auto font-mono text-xs">
          {share(hitRate(cacheTokens, promptTokens))} of {compact(promptTokens)}
        </span>
      </div>
      <div className="relative my-1.5 h-1.5 rounded-sm bg-s2" aria-hidden>
        <span
          className="absolute inset-y-0 left-0 rounded-sm bg-line-strong"
          style={{ width: width(promptTokens) }}
        />
        <span
          className="absolute inset-y-0 left-0 rounded-sm bg-accent"
          style={{ width: width(cacheTokens) }}
        />
      </div>
      {drift === null ? (
        <p className="text-xs text-fg3">{RELATION[prefix.relation]}</p>
      ) : (
        <button
          type="button"
          onClick={() => onDrift(drift.id)}
          className="flex min-w-0 items-center gap-2 text-left text-xs text-accent hover:underline pointer-coarse:min-h-10"
        >
          <KindMark kind={drift.kind} />
          <span className="min-w-0 truncate">{causeWords(drift.cause).name}</span>
          {drift.lostMs !== null && (
            <span className="num text-fg2">cost {spoken(duration(drift.lostMs))}</span>
          )}
        </button>
      )}
    </>
  );
}

const RELATION: Readonly<Record<CacheTurns['turns'][number]['prefix']['relation'], string>> = {
  first: 'begins a conversation',
  continued: 'goes on from the one before',
  rewound: 'goes back to an earlier point',
  changed: 'began otherwise than the one before',
};
