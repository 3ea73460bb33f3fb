'use client';
import type { RoutePolicies } from '@boocontrol/contracts';
import { useMemo, useRef } from 'react';
import { useResource } from '../api/resource';
import { useKeys } from '../browser/keys';
import type { SetQuery } from '../browser/query';
import { useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { Button } from '../ui/controls';
import { outcomeWords } from '../dispatch/dispatch-words';
import { hasFacets, noFacets, OUTCOMES, type DispatchFilter } from './filters';
import type { RequestRow } from './rows';

interface DispatchFiltersProps {
  filter: DispatchFilter;
  rows: readonly RequestRow[];
  setQuery: SetQuery;
}

interface Option {
  value: string;
  label: string;
}

const plain = (value: string): Option => ({ value, label: value });
const collator = new Intl.Collator('en', { numeric: true });

/** What is offered, and what is chosen also when it is not offered. */
const withChosen = (offered: readonly Option[], chosen: string | null): readonly Option[] =>
  chosen === null || offered.some(({ value }) => value === chosen) ? offered : [...offered, plain(chosen)];

/** Which requests are shown, each choice in the address. `/` puts the focus here. */
export function DispatchFilters({ filter, rows, setQuery }: DispatchFiltersProps) {
  const first = useRef<HTMLSelectElement>(null);
  useKeys({ '/': () => first.current?.focus() });
  const { data } = useResource<RoutePolicies>('/routing/policies');
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const seen = useMemo(() => {
    const named = (of: (row: RequestRow) => string): Option[] =>
      [...new Set(rows.map(of))].filter(Boolean).toSorted(collator.compare).map(plain);
    return {
      consumers: named((row) => (row.kind === 'live' ? row.request.source : row.fact.source)),
      asked: named((row) => (row.kind === 'live' ? row.request.asked : row.fact.asked)),
    };
  }, [rows]);
  const choose = (param: string) => (value: string | null) => setQuery({ [param]: value });
  return (
    <div
      role="group"
      aria-label="Filters"
      className="grid min-w-0 grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center"
    >
      <Choice
        all="All policies"
        value={filter.policy}
        options={[
          ...(data?.policies ?? []).map(({ name }) => plain(name)),
          { value: 'direct', label: 'none (a model was named)' },
        ]}
        onChange={choose('policy')}
        select={first}
      />
      <Choice all="All names" value={filter.asked} options={seen.asked} onChange={choose('asked')} />
      <Choice
        all="All hosts"
        value={filter.host}
        options={providers
          .filter(({ id }) => !isHidden(marks, id))
          .map(({ id, label }) => ({ value: id, label }))}
        onChange={choose('host')}
      />
      <Choice
        all="All consumers"
        value={filter.consumer}
        options={seen.consumers}
        onChange={choose('consumer')}
      />
      <Choice
        all="All outcomes"
        value={filter.outcome}
        options={OUTCOMES.map((outcome) => ({ value: outcome, label: outcomeWords({ outcome }).text }))}
        onChange={choose('outcome')}
      />
      <Button
        aria-pressed={filter.over}
        onClick={() => setQuery({ over: filter.over ? null : 'yes' })}
        className={filter.over ? 'border-accent! text-accent!' : 'text-fg2!'}
      >
        Failed over
      </Button>
      {hasFacets(filter) && (
        <Button look="quiet" onClick={() => setQuery(noFacets)}>
          Clear
        </Button>
      )}
    </div>
  );
}

interface ChoiceProps {
  /** What the first option says; its last word names the choice. */
  all: string;
  value: string | null;
  options: readonly Option[];
  onChange: (value: string | null) => void;
  select?: React.RefObject<HTMLSelectElement | null>;
}

function Choice({ all, value, options, onChange, select }: ChoiceProps) {
  return (
    <select
      ref={select}
      aria-label={all.replace('All ', 'Only these ')}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      className={`h-8 w-full min-w-0 rounded-md sm:w-36 border bg-s1 px-2 text-sm pointer-coarse:h-10 ${value === null ? 'border-line-strong text-fg2' : 'border-accent text-fg'}`}
    >
      <option value="">{all}</option>
      {withChosen(options, value).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
