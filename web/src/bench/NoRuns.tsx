'use client';
import { Awaiting, Button, Notice } from '../ui/controls';

interface NoRunsProps {
  loading: boolean;
  error: Error | null;
  filtered: boolean;
  onRetry: () => void;
  onClear: () => void;
  onMeasure: () => void;
}

/** In the place of the list: why it is empty, and what to do. */
export function NoRuns({ loading, error, filtered, onRetry, onClear, onMeasure }: NoRunsProps) {
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
  return (
    <Notice
      title="Nothing was measured yet"
      action={
        <Button look="primary" onClick={onMeasure}>
          Measure
        </Button>
      }
    >
      Choose a suite and a model, and see how long it takes before it begins. A host is measured while nobody
      else uses it; what others do meanwhile is marked.
    </Notice>
  );
}
