'use client';
import { PageLink } from '../shell/PageLink';
import { Awaiting, Button, Notice } from '../ui/controls';

interface NoLinesProps {
  /** Something is not known yet. */
  awaited: 'fleet' | 'tail' | 'filter' | null;
  hasHosts: boolean;
  filtered: boolean;
  /** Of the host whose lines are asked for, all of them; null: more than that is filtered, or less. */
  only: string | null;
  onClear: () => void;
}

const AWAITED = {
  fleet: 'Waiting for the fleet from BooControl. If this takes long, check that it is still running.',
  tail: 'Reading the newest lines.',
  filter: 'Looking through the lines.',
} as const;

/** In the place of the list: why it is empty, and what to do. */
export function NoLines({ awaited, hasHosts, filtered, only, onClear }: NoLinesProps) {
  if (awaited !== null) return <Awaiting>{AWAITED[awaited]}</Awaiting>;
  if (!hasHosts)
    return (
      <Notice
        title="No host whose log could be read"
        action={
          <PageLink
            href="/?ask=add"
            className="inline-flex h-8 items-center rounded-md bg-accent px-3 text-sm font-medium text-on-accent pointer-coarse:h-10"
          >
            Add a host
          </PageLink>
        }
      >
        llama-swap hosts tell what they and their models write. Hosts that are disabled or hidden are left out
        here.
      </Notice>
    );
  if (only !== null)
    return (
      <Notice
        title={`Nothing from ${only} so far`}
        action={<Button onClick={onClear}>Show all hosts</Button>}
      >
        Its lines appear here as soon as it, or one of its models, writes some.
      </Notice>
    );
  if (filtered)
    return (
      <Notice title="No line matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
        New ones that match will appear here.
      </Notice>
    );
  return (
    <Notice title="Nothing has been written yet">
      Lines appear here as soon as a host or one of its models writes them. Load a model, or send a request.
    </Notice>
  );
}
