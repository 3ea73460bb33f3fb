'use client';
import { goWithin, useQuery } from '../browser/query';
import { ViewChoice } from '../page/ViewChoice';

const VIEWS = [
  { name: 'requests', text: 'Requests' },
  { name: 'in-flight', text: 'In flight' },
] as const;
export type ActivityView = (typeof VIEWS)[number]['name'];

export const viewOf = (what: string | null): ActivityView =>
  VIEWS.find(({ name }) => name === what)?.name ?? 'requests';

/** Goes from one view of the page to the other; what the other one was filtered by stays behind. */
export function ActivityViews() {
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
