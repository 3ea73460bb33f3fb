'use client';
import type { EvalSuiteHead } from '@boocontrol/contracts';
import { plural } from '../format/number';
import { Tag } from '../ui/marks';
import { KIND, ORIGIN } from './words';

interface SuiteChoiceProps {
  suites: readonly EvalSuiteHead[];
  chosen: string | null;
  onChange: (name: string) => void;
}

/** "40 items of code, each 3 times" */
export const askedWords = ({ items, retired, kinds, samples }: EvalSuiteHead): string =>
  `${plural(items - retired.length, 'item')} of ${kinds.map((kind) => KIND[kind]).join(', ')}, each ${samples === 1 ? 'once' : `${samples} times`}`;

/** What is to be asked: suites that came with the program first, then those that were made here. */
export function SuiteChoice({ suites, chosen, onChange }: SuiteChoiceProps) {
  const ordered = suites.toSorted((a, b) => Number(a.origin !== 'builtin') - Number(b.origin !== 'builtin'));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">What is asked</legend>
      <div className="flex max-h-80 flex-col overflow-y-auto rounded-md border">
        {ordered.map((each) => (
          <label
            key={each.name}
            className="flex items-start gap-2.5 border-b px-3 py-2 text-sm last:border-b-0 hover:bg-s2 has-checked:bg-s2"
          >
            <input
              type="radio"
              name="suite"
              value={each.name}
              checked={each.name === chosen}
              onChange={() => onChange(each.name)}
              className="mt-1 accent-accent"
            />
            <span className="min-w-0">
              <span className="flex flex-wrap items-center gap-2 font-medium">
                {each.title}
                {each.origin !== 'builtin' && <Tag>{ORIGIN[each.origin]}</Tag>}
              </span>
              <span className="block text-xs text-fg2 [overflow-wrap:anywhere]">{each.description}</span>
              <span className="block text-xs text-fg3">{askedWords(each)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
