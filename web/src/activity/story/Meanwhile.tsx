'use client';
import type { ModelEvent } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { withQuery } from '../../api/client';
import { usePages } from '../../api/use-pages';
import { plural } from '../../format/number';
import { exact } from '../../format/time';
import { lossWords } from '../../hosts/gap';
import { serverNow, useProvider } from '../../live';
import { Awaiting, Button } from '../../ui/controls';
import { Mark } from '../../ui/marks';
import { Part } from '../../ui/Part';
import { eventWords } from './event-words';
import { MeanwhileRows } from './MeanwhileRows';
import { sinceBegin } from './offset';
import { Failed } from './parts';
import { ownSpan, withMargin } from './span';
import type { StoryProps } from './story';
import { tellsOfModels, useGapsIn } from './use-span';

const PAGE = 100;

/** What else happened on its host while it ran. */
export function Meanwhile({ entry, nameOf }: StoryProps) {
  const provider = useProvider(entry.row.providerId);
  return (
    <div className="flex flex-col gap-6" data-testid="meanwhile">
      <MeanwhileRows entry={entry} host={nameOf(entry.row.providerId)} />
      {tellsOfModels(provider) && <Events entry={entry} />}
      <GapsIn entry={entry} />
    </div>
  );
}

/** Loads, unloads, failures of the host's models, and whether it could be followed. */
function Events({ entry }: Pick<StoryProps, 'entry'>) {
  const span = ownSpan(entry);
  const { beginMs, endMs } = withMargin(span);
  const path = withQuery('/model-events', {
    providerId: entry.row.providerId,
    from: instantFromMs(beginMs),
    to: instantFromMs(endMs),
    limit: PAGE,
  });
  const pages = usePages(
    path,
    path,
    ({ events }: { events: ModelEvent[]; nextCursor: string | null }) => events,
  );
  // Gaps have a part of their own.
  const events = pages.rows.filter(({ state }) => state !== 'gap_suspected');
  return (
    <Part title="Its models">
      {pages.error && <Failed error={pages.error} onRetry={pages.retry} />}
      {!pages.isKnown && !pages.error && <Awaiting>Loading what the models did.</Awaiting>}
      {pages.isKnown && !pages.error && events.length === 0 && (
        <p className="text-sm text-fg2">No model was loaded, unloaded or failed in that time.</p>
      )}
      <ol className="text-sm">
        {events.map((event) => {
          const ms = instantToMs(event.ts);
          const { tone, text } = eventWords(event);
          return (
            <li
              key={`${event.ts} ${event.model} ${event.state}`}
              className="flex items-baseline gap-2 py-0.5"
            >
              <span className="num w-16 shrink-0 text-right font-mono text-xs text-fg3" title={exact(ms)}>
                {sinceBegin(ms, span)}
              </span>
              <Mark tone={tone} />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {event.model !== '*' && <code className="font-mono text-xs">{event.model} </code>}
                {text}
              </span>
            </li>
          );
        })}
      </ol>
      {pages.cursor !== null && <Button onClick={pages.older}>Earlier ones</Button>}
    </Part>
  );
}

/** What is missing of that time: whoever reads the lists above has to know. */
function GapsIn({ entry }: Pick<StoryProps, 'entry'>) {
  const { data, error } = useGapsIn(entry);
  const span = ownSpan(entry);
  if (error)
    return <p className="text-sm text-fg2">Whether anything is missing is not known. {error.message}</p>;
  if (!data || data.rows.length === 0) return null;
  return (
    <Part title="What is missing">
      <ul className="flex flex-col gap-1 text-sm">
        {data.rows.map((gap) => {
          const { kind, reason, fromTs, toTs, missingRows = null } = gap;
          const lost = { reason, fromTs, toTs: toTs ?? fromTs, missing: missingRows };
          const from = sinceBegin(instantToMs(fromTs), span);
          const to = toTs === null ? 'now' : sinceBegin(instantToMs(toTs), span);
          return (
            <li key={`${kind} ${reason} ${fromTs}`} className="flex gap-2">
              <Mark tone="busy" />
              {kind === 'lost'
                ? `${lossWords(lost, serverNow()) ?? reason}.`
                : `The host could not be followed from ${from} to ${to}: ${reason}`}
            </li>
          );
        })}
      </ul>
      {!data.complete && (
        <p className="mt-1 text-xs text-fg3">These are the newest {plural(data.rows.length, 'gap')}.</p>
      )}
    </Part>
  );
}
