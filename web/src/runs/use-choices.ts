'use client';
import { useMemo } from 'react';
import { useResource } from '../api/resource';
import { hostName } from '../control/names';
import { useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { namesOf } from '../models/matches';
import { usePlaces } from '../models/use-places';
import type { Option } from '../page/Select';

/**
 * Hosts, models and suites that lists of runs can be filtered by.
 * @param suites path of the list of suites
 */
export function useRunChoices(suites: string): { hosts: Option[]; models: Option[]; suites: Option[] } {
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const places = usePlaces();
  const { data } = useResource<{ suites: readonly { name: string }[] }>(suites);
  return useMemo(
    () => ({
      hosts: providers
        .filter(({ id }) => !isHidden(marks, id))
        .map(({ id }) => ({ value: id, label: hostName(id) })),
      models: namesOf(places.filter(({ providerId, model }) => !isHidden(marks, providerId, model))).map(
        (name) => ({ value: name, label: name }),
      ),
      suites: (data?.suites ?? []).map(({ name }) => ({ value: name, label: name })),
    }),
    [providers, marks, places, data],
  );
}
