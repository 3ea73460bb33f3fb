'use client';
import type { LogLines, LogSource } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { useState } from 'react';
import { withQuery } from '../../api/client';
import { behind } from '../../api/pages';
import { refresh, useResource } from '../../api/resource';
import { exact } from '../../format/time';
import { useProvider } from '../../live';
import { LineText } from '../../logs/LogRow';
import { PageLink } from '../../shell/PageLink';
import { Awaiting, Button } from '../../ui/controls';
import { sinceBegin } from './offset';
import { Failed } from './parts';
import { keptWords } from './kept-words';
import { ownSpan, withMargin, type Span } from './span';
import type { StoryProps } from './story';
import { isFollowed, tellsOfModels, useGapsIn } from './use-span';

const PAGE = 200;
const SOURCES = [
  { id: null, name: 'Both' },
  { id: 'proxy', name: 'proxy' },
  { id: 'upstream', name: 'upstream' },
] as const;

/** What the host and its model servers wrote while the request ran. */
export function LogView({ entry, nameOf }: StoryProps) {
  const { providerId } = entry.row;
  const [source, setSource] = useState<LogSource | null>(null);
  if (!tellsOfModels(useProvider(providerId)))
    return <p className="text-sm text-fg2">{nameOf(providerId)} is a service: its logs cannot be read.</p>;
  return (
    <div data-testid="story-log">
      <div className="mb-3 flex flex-wrap items-center gap-3 text-sm">
        <div role="group" aria-label="Which log" className="flex gap-1">
          {SOURCES.map(({ id, name }) => (
            <Button
              key={name}
              look={id === source ? 'plain' : 'quiet'}
              aria-pressed={id === source}
              onClick={() => setSource(id)}
            >
              {name}
            </Button>
          ))}
        </div>
        <PageLink
          href={`/logs/?host=${encodeURIComponent(providerId)}`}
          className="ml-auto text-accent underline pointer-coarse:py-3"
        >
          Open in Logs
        </PageLink>
      </div>
      <Page key={source} entry={entry} source={source} cursor={null} />
    </div>
  );
}

interface PageProps extends Pick<StoryProps, 'entry'> {
  source: LogSource | null;
  /** Of the page; null: the first. */
  cursor: string | null;
}

function Page({ entry, source, cursor }: PageProps) {
  const [isMoreWanted, setMoreWanted] = useState(false);
  const span = ownSpan(entry);
  const { beginMs, endMs } = withMargin(span);
  const first = withQuery('/logs', {
    providerId: entry.row.providerId,
    source: source ?? undefined,
    from: instantFromMs(beginMs),
    to: instantFromMs(endMs),
    limit: PAGE,
  });
  const path = cursor === null ? first : behind(first, cursor);
  const { data, error } = useResource<LogLines>(path);
  const gaps = useGapsIn(entry);
  if (error) return <Failed error={error} onRetry={() => refresh(path)} />;
  if (data === null) return <Awaiting>Loading the log.</Awaiting>;
  const { lines, nextCursor, kept } = data;
  return (
    <>
      {cursor === null && (
        <Notes
          words={keptWords(kept, withMargin(span), lines.length)}
          isFollowed={gaps.data === null || isFollowed(gaps.data.rows, span)}
        />
      )}
      {lines.length > 0 && (
        <ol aria-label="Lines of the log" className="bg-bg py-1 font-mono text-xs">
          {lines.map((line) => (
            <LogLine key={line.seq} line={line} span={span} />
          ))}
        </ol>
      )}
      {nextCursor !== null &&
        (isMoreWanted ? (
          <Page entry={entry} source={source} cursor={nextCursor} />
        ) : (
          <Button className="mt-2" onClick={() => setMoreWanted(true)}>
            Later lines
          </Button>
        ))}
    </>
  );
}

function Notes({ words, isFollowed }: { words: string | null; isFollowed: boolean }) {
  if (words === null && isFollowed) return null;
  return (
    <p role="status" className="mb-3 rounded-md bg-s2 px-3 py-2 text-sm text-fg2">
      {words}{' '}
      {!isFollowed &&
        'The host could not be followed all the time: lines of then have the time at which it was connected again, or are missing.'}
    </p>
  );
}

function LogLine({ line, span }: { line: LogLines['lines'][number]; span: Span }) {
  const ms = instantToMs(line.at);
  const { source, model } = line;
  return (
    <li className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3 px-3 py-0.5 hover:bg-s2 sm:grid-cols-[4rem_7rem_minmax(0,1fr)]">
      <time dateTime={line.at} title={`${exact(ms)}, read then`} className="num text-right text-fg3">
        {sinceBegin(ms, span)}
      </time>
      <span className="truncate text-fg3 max-sm:hidden" title={model ? `${source}, ${model.id}` : source}>
        {model ? `${model.id}${model.by === 'probable' ? '?' : ''}` : source}
      </span>
      <span className="[overflow-wrap:anywhere] whitespace-pre-wrap">
        <LineText raw={line.line} cut={line.cut} />
      </span>
    </li>
  );
}
