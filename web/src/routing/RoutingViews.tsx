'use client';
import { ViewChoice } from '../page/ViewChoice';
import { goWithin, useQuery } from '../browser/query';
import { viewOf, VIEWS } from './views';

/** Goes from one view of the page to another; what the other one was filtered by stays behind. */
export function RoutingViews() {
  const [query] = useQuery();
  return (
    <ViewChoice
      label="What is shown"
      views={VIEWS}
      value={viewOf(query.get('what'))}
      onChange={(name) =>
        goWithin(name === 'requests' ? location.pathname : `${location.pathname}?what=${name}`)
      }
    />
  );
}
