'use client';
import type { BenchSuite } from '@boocontrol/contracts';
import { Tag } from '../ui/marks';
import { suiteWords } from './suite-words';

interface SuiteChoiceProps {
  suites: readonly BenchSuite[];
  chosen: string | null;
  onChange: (name: string) => void;
}

/** What is to be measured: those that anyone understands first, then those that were made here. */
export function SuiteChoice({ suites, chosen, onChange }: SuiteChoiceProps) {
  const ordered = suites.toSorted((a, b) => rank(a) - rank(b));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">What is measured</legend>
      <div className="flex max-h-96 flex-col lg:max-h-[calc(100dvh-10rem)] overflow-y-auto rounded-md border">
        {ordered.map((each) => {
          const { title, text } = suiteWords(each);
          return (
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
                  {title}
                  {each.origin !== 'builtin' && (
                    <Tag>{each.origin === 'file' ? 'from a file' : 'made here'}</Tag>
                  )}
                </span>
                <span className="block text-xs text-fg2 [overflow-wrap:anywhere]">{text}</span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

const ORDER = ['quick', 'chat', 'coding-agent', 'users', 'llama-bench'];
const rank = ({ name, origin }: BenchSuite): number => {
  const at = ORDER.indexOf(name);
  return origin === 'builtin' && at >= 0 ? at : ORDER.length;
};
