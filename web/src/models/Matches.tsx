'use client';
import { useMemo } from 'react';
import { plural } from '../format/number';
import { fitting, namesOf } from './matches';
import { usePlaces } from './use-places';

/** How many models patterns fit now, `<host>/<model>` as well; nothing without a pattern. */
export function Matches({ globs }: { globs: readonly string[] }) {
  const places = usePlaces();
  const text = globs.join('\n');
  const names = useMemo(() => namesOf(fitting(places, text.split('\n'), true)), [places, text]);
  if (globs.length === 0) return null;
  return (
    <span title={names.join('\n')} className={names.length === 0 ? 'text-busy' : 'text-fg'}>
      {names.length === 0 ? 'Fits no model that is there now.' : `Fits ${plural(names.length, 'model')} now.`}
    </span>
  );
}
