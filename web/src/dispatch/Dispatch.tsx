'use client';
import { ApiError } from '../api/client';
import { refresh } from '../api/resource';
import { Awaiting, Button, Notice } from '../ui/controls';
import { DispatchView } from './DispatchView';
import { dispatchPath, useDispatch } from './use-dispatch';

/** One request to /v1 by its id, fetched; says when it is awaited, no longer kept, or cannot be had. */
export function Dispatch({ id }: { id: string }) {
  const { data, error } = useDispatch(id);
  if (data) return <DispatchView dispatch={data} />;
  if (error instanceof ApiError && error.status === 404)
    return (
      <Notice title="How it was decided is not known">
        The record of this request is no longer kept, or another BooControl sent it.
      </Notice>
    );
  if (error)
    return (
      <Notice
        title="Couldn’t load how it was decided"
        action={<Button onClick={() => refresh(dispatchPath(id))}>Try again</Button>}
      >
        {error.message}
      </Notice>
    );
  return <Awaiting>Loading how it was decided.</Awaiting>;
}
