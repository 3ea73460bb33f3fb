'use client';
import { useQuery } from '../browser/query';
import { last, rangeChange, rangePhrase } from '../browser/range';
import { Button, Notice } from '../ui/controls';
import { FALLBACK, isFiltered, NO_FILTER, type CacheFilter } from './address';

/** Nothing is known: what there would be, and what to do for it. */
export function NoCache({ filter }: { filter: CacheFilter }) {
  const [, setQuery] = useQuery();
  const phrase = rangePhrase(filter.range);
  if (isFiltered(filter))
    return (
      <Notice
        title={`Nothing fits these filters ${phrase}`}
        action={<Button onClick={() => setQuery(NO_FILTER)}>Clear the filters</Button>}
      >
        Other consumers, models or hosts may have been asked.
      </Notice>
    );
  const isShort = filter.range.kind === 'between' || filter.range.name !== '30d';
  return (
    <Notice
      title={`No prompts were seen ${phrase}`}
      action={
        isShort && (
          <Button onClick={() => setQuery(rangeChange(last('30d'), FALLBACK))}>
            Look at the last 30 days
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3 text-left text-sm">
        <p>
          A host keeps what it has read of a prompt. When the next prompt begins in the same way, byte for
          byte, it only reads the rest: answers of long conversations begin in a second, not in a minute. This
          page shows how often that works, what changed when it did not, and what that cost.
        </p>
        <p>
          Point a client at{' '}
          <code className="font-mono text-xs [overflow-wrap:anywhere]">{location.origin}/v1</code> and name
          its sessions with the header <code className="font-mono text-xs">x-boo-session</code>; without it a
          session is known by how it begins. Of requests that go to a host directly, prompts are compared
          where the host keeps copies of them (<code className="font-mono text-xs">captureBuffer</code>).
        </p>
      </div>
    </Notice>
  );
}
