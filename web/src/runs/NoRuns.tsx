'use client';
import type { ReactNode } from 'react';
import { Awaiting, Button, Notice } from '../ui/controls';

interface NoRunsProps {
  loading: boolean;
  error: Error | null;
  filtered: boolean;
  onRetry: () => void;
  onClear: () => void;
  /** What to do where there are none at all. */
  none: ReactNode;
}

/** In the place of the list: why it is empty, and what to do. */
export function NoRuns({ loading, error, filtered, onRetry, onClear, none }: NoRunsProps) {
  if (error)
    return (
      <Notice title="Couldn’t load the runs" action={<Button onClick={onRetry}>Try again</Button>}>
        {error.message}
      </Notice>
    );
  if (loading) return <Awaiting>Loading the runs.</Awaiting>;
  if (filtered)
    return (
      <Notice title="No run matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
        None was of this host, model and suite.
      </Notice>
    );
  return none;
}
