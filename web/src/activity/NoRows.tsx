'use client';
import { Awaiting, Button, Notice } from '../ui/controls';

interface NoRowsProps {
  loading: boolean;
  error: Error | null;
  filtered: boolean;
  /** What a search can find, in sentences; null: no text was looked for. */
  searched: string | null;
  onRetry: () => void;
  onClear: () => void;
  /** For the end of a sentence; null: all time. */
  range: string | null;
  onAllTime: () => void;
}

/** In the place of the list: why it is empty, and what to do. */
export function NoRows(props: NoRowsProps) {
  const { loading, error, filtered, searched, onRetry, onClear, range, onAllTime } = props;
  if (error) {
    return (
      <Notice title="Couldn't load requests" action={<Button onClick={onRetry}>Try again</Button>}>
        {error.message}
      </Notice>
    );
  }
  if (loading) return <Awaiting>Loading requests from the history.</Awaiting>;
  if (filtered) {
    return (
      <Notice
        title={range === null ? 'No requests match' : `No requests ${range} match`}
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        {searched ?? 'New ones that match will appear here.'}
      </Notice>
    );
  }
  if (range !== null) {
    return (
      <Notice title={`No requests ${range}`} action={<Button onClick={onAllTime}>Show all time</Button>}>
        Send one to a model on any of your hosts. It shows up here as soon as it begins.
      </Notice>
    );
  }
  return (
    <Notice title="No requests yet">
      Send one to a model on any of your hosts. It shows up here as soon as it begins.
    </Notice>
  );
}
