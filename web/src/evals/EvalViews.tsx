'use client';
import { goWithin, useQuery } from '../browser/query';
import { ViewChoice } from '../page/ViewChoice';
import { viewHref, viewOf, VIEWS } from './address';

/** Goes from one view of the page to another; what the other one was filtered by stays behind. */
export function EvalViews() {
  const [query] = useQuery();
  return (
    <ViewChoice
      label="What is shown"
      views={VIEWS}
      value={viewOf(query.get('what'))}
      onChange={(name) => goWithin(viewHref(name))}
    />
  );
}
