'use client';
import type { BenchSuites } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { useResource } from '../api/resource';
import { hostName } from '../control/names';
import { useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { namesOf } from '../models/matches';
import { usePlaces } from '../models/use-places';
import { SUITES } from './calls';
import type { Option } from './Select';

/** Hosts, models and suites that lists can be filtered by. */
export function useBenchChoices(): { hosts: Option[]; models: Option[]; suites: Option[] } {
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const places = usePlaces();
  const { data } = useResource<BenchSuites>(SUITES);
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
