'use client';
import { PageLink } from '../shell/PageLink';
import { Awaiting, Button, Notice } from '../ui/controls';
import { CopyButton } from '../ui/Copy';

interface NoRequestsProps {
  loading: boolean;
  error: Error | null;
  filtered: boolean;
  onRetry: () => void;
  onClear: () => void;
  /** For the end of a sentence; null: all time. */
  range: string | null;
  onAllTime: () => void;
}

/** In the place of the list: why it is empty, and what to do. */
export function NoRequests({
  loading,
  error,
  filtered,
  onRetry,
  onClear,
  range,
  onAllTime,
}: NoRequestsProps) {
  if (error)
    return (
      <Notice title="Couldn’t load the requests" action={<Button onClick={onRetry}>Try again</Button>}>
        {error.message}
      </Notice>
    );
  if (loading) return <Awaiting>Loading requests from the history.</Awaiting>;
  if (filtered)
    return (
      <Notice
        title={range === null ? 'No requests match' : `No requests ${range} match`}
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        New ones that match will appear here.
      </Notice>
    );
  return (
    <div className="flex flex-col items-center px-4">
      <Notice
        title={range === null ? 'No requests through /v1 yet' : `No requests through /v1 ${range}`}
        action={range !== null && <Button onClick={onAllTime}>Show all time</Button>}
      >
        Any client of OpenAI works: give it this address as its base URL, and <code>auto</code> as its model.
      </Notice>
      <HowTo />
    </div>
  );
}

/** The address as this browser reached it, and a request to try. */
function HowTo() {
  const address = `${location.origin}/v1`;
  const call = [
    `curl ${address}/chat/completions \\`,
    "  -H 'content-type: application/json' \\",
    '  -d \'{"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}\'',
  ].join('\n');
  return (
    <div className="-mt-8 mb-8 flex w-full max-w-2xl flex-col gap-3">
      <div className="rounded-lg border bg-s1 text-sm">
        <Line what="the address" text={address} />
        <Line what="the command" text={call} />
      </div>
      <p className="text-center text-sm text-fg2">
        Where an API key is needed, the page{' '}
        <PageLink href="/keys/" className="text-accent underline underline-offset-2 pointer-coarse:py-3">
          Keys
        </PageLink>{' '}
        makes one.
      </p>
    </div>
  );
}

function Line({ what, text }: { what: string; text: string }) {
  return (
    <div className="flex items-start gap-2 border-b px-3 py-2 last:border-b-0">
      <code className="min-w-0 flex-1 py-0.5 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text}
      </code>
      <CopyButton what={what} text={text} />
    </div>
  );
}
