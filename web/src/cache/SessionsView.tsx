'use client';
import type { CacheSession, CacheSessions } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { withQuery } from '../api/client';
import { usePages } from '../api/use-pages';
import { useQuery } from '../browser/query';
import { count } from '../format/number';
import { useIsLost } from '../live';
import Table from '../page/Table';
import { Awaiting, Button, Notice } from '../ui/controls';
import { readFilter } from './address';
import { CacheHead } from './CacheHead';
import { NoCache } from './NoCache';
import { SESSION_COLUMNS } from './session-columns';
import { useCacheQuery } from './use-cache';

const PAGE_ROWS = 100;

const keyOf = ({ session }: CacheSession): string => session;
const rowsOf = ({ sessions }: CacheSessions): readonly CacheSession[] => sessions;

/** Conversations, who was there last first, with how well the cache served them. */
export default function SessionsView({ onSession }: { onSession: (session: string) => void }) {
  const [query] = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const question = withQuery('/prompt-cache/sessions', { ...useCacheQuery(filter), limit: PAGE_ROWS });
  const pages = usePages(question, JSON.stringify(filter), rowsOf);
  const { rows, isKnown, error, cursor, older, retry } = pages;
  const lost = useIsLost();
  const note = isKnown ? `${count(rows.length)}${cursor === null ? '' : ' and more'}` : undefined;
  return (
    <>
      <CacheHead filter={filter} note={note} />
      {error && rows.length > 0 && (
        <p role="alert" className="flex flex-wrap items-center gap-3 px-4 pb-2 text-sm text-fg2 md:px-6">
          Couldn’t load more. {error.message}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      <div className={`flex min-h-96 flex-1 flex-col ${lost || !isKnown ? 'stale' : ''}`}>
        <Table
          label="Sessions, who was there last first"
          name="cache-sessions"
          rows={rows}
          columns={SESSION_COLUMNS}
          keyOf={keyOf}
          onOpen={({ session }) => onSession(session)}
          onEnd={older}
          empty={
            error ? (
              <Notice title="Couldn’t load the sessions" action={<Button onClick={retry}>Try again</Button>}>
                {error.message}
              </Notice>
            ) : isKnown ? (
              <NoCache filter={filter} />
            ) : (
              <Awaiting>Loading the sessions.</Awaiting>
            )
          }
        />
      </div>
    </>
  );
}
