'use client';
import { useMemo } from 'react';
import { plural } from '../format/number';
import { fitting, namesOf, type Place } from '../models/matches';
import { ModelBadges } from '../models/ModelBadges';
import { usePlaces } from '../models/use-places';

/** Of each pattern so many. */
const SHOWN = 6;

/** What each pattern fits now, with what speaks for it. */
export function GlobPreview({ globs }: { globs: readonly string[] }) {
  const places = usePlaces();
  if (globs.length === 0) return null;
  return (
    <ul aria-label="What the patterns fit now" className="flex flex-col gap-2 text-xs">
      {globs.map((glob) => (
        <li key={glob} className="min-w-0">
          <Fitting glob={glob} places={places} />
        </li>
      ))}
    </ul>
  );
}

function Fitting({ glob, places }: { glob: string; places: readonly Place[] }) {
  const found = useMemo(() => fitting(places, [glob], false), [places, glob]);
  const names = useMemo(() => namesOf(found), [found]);
  return (
    <>
      <p className={names.length === 0 ? 'text-busy' : 'text-fg2'}>
        <code className="font-mono [overflow-wrap:anywhere] text-fg">{glob}</code>{' '}
        {names.length === 0 ? 'fits no model that is there now.' : `fits ${plural(names.length, 'model')}:`}
      </p>
      <ul>
        {names.slice(0, SHOWN).map((name) => (
          <li key={name} className="flex min-w-0 items-center gap-3 py-0.5 pl-3">
            <span className="min-w-0 truncate font-mono" title={name}>
              {name}
            </span>
            <ModelBadges places={found.filter(({ model }) => model === name)} />
          </li>
        ))}
        {names.length > SHOWN && <li className="py-0.5 pl-3 text-fg3">and {names.length - SHOWN} more</li>}
      </ul>
    </>
  );
}
