'use client';
import type { ApiKeys } from '@boocontrol/contracts';
import { count, plural } from '../format/number';
import { capital } from '../format/text';
import { FilterField } from '../page/FilterField';
import { PageHead } from '../page/PageHead';
import { Button } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { KEY_STATES, readState, type KeyState } from './state';

interface KeysHeadProps {
  /** null: not told yet. */
  data: ApiKeys | null;
  shown: number;
  typed: string;
  onType: (text: string) => void;
  state: KeyState | null;
  onState: (state: KeyState | null) => void;
  onMake: () => void;
}

export function KeysHead({ data, shown, typed, onType, state, onState, onMake }: KeysHeadProps) {
  const number = data?.keys.length ?? 0;
  if (number === 0) return <PageHead title="Keys" />;
  return (
    <PageHead
      title="Keys"
      note={shown === number ? plural(number, 'key') : `${count(shown)} of ${plural(number, 'key')}`}
      filters={
        <>
          <FilterField label="Filter keys" value={typed} onChange={onType} />
          <select
            aria-label="State"
            value={state ?? ''}
            onChange={(event) => onState(readState(event.currentTarget.value))}
            className="h-8 rounded-md border border-line-strong bg-s1 px-2 text-sm text-fg pointer-coarse:h-10"
          >
            <option value="">All states</option>
            {KEY_STATES.map((each) => (
              <option key={each} value={each}>
                {capital(each)}
              </option>
            ))}
          </select>
        </>
      }
      below={
        <p className="text-sm text-fg2">
          {data?.isNeeded
            ? 'Other machines reach this gateway: /v1 answers nobody without a key.'
            : 'BooControl listens on this machine alone: /v1 answers without a key, too. One that is sent has to be good.'}
        </p>
      }
    >
      <Button look="primary" onClick={onMake}>
        <PlusIcon className="size-4" aria-hidden />
        <span>
          Make<span className="max-sm:sr-only"> a key</span>
        </span>
      </Button>
    </PageHead>
  );
}
