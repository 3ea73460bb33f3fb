'use client';
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { SetQuery } from '../browser/query';
import { Button } from '../ui/controls';
import { CloseIcon, SearchIcon } from '../ui/icons';
import { FACETS, isFiltered, noFilter, withoutValue, withValue, type FeedFilter } from './filters';
import { TextSearch } from './TextSearch';
import { matchesHidden, suggestions, type Known, type Suggestion } from './suggest';

interface FilterBarProps {
  filter: FeedFilter;
  known: Known;
  setQuery: SetQuery;
  /** "/" puts the focus here. */
  input: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ filter, known, setQuery, input }: FilterBarProps) {
  const labelOf = (facet: keyof Known, value: string): string =>
    known[facet].find((each) => each.value === value)?.label ?? value;
  return (
    <div role="group" aria-label="Filters" className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      <Adder filter={filter} known={known} setQuery={setQuery} input={input} />
      <TextSearch text={filter.text} setQuery={setQuery} />
      {FACETS.flatMap(({ param, word }) =>
        filter[param].map((value) => {
          const label = param === 'status' ? value : labelOf(param, value);
          return (
            <button
              key={`${param} ${value}`}
              type="button"
              title={`${word} ${label}`}
              onClick={() => setQuery(withoutValue(filter, param, value))}
              className="inline-flex h-7 pointer-coarse:h-10 max-w-64 items-center gap-1.5 rounded-full bg-accent/14 pr-2 pl-3 text-xs hover:bg-accent/24"
            >
              {/* A space after each: the name is read as it is seen. */}
              <span className="sr-only">Remove filter </span>
              <span className="text-fg2">{word} </span>
              <span className="truncate font-medium">{label}</span>
              <CloseIcon className="size-3 shrink-0" />
            </button>
          );
        }),
      )}
      {isFiltered(filter) && (
        <Button look="quiet" onClick={() => setQuery(noFilter)}>
          Clear
        </Button>
      )}
    </div>
  );
}

function Adder({ filter, known, setQuery, input }: FilterBarProps) {
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const found = open ? suggestions(known, filter, typed) : [];
  const current = Math.min(active, found.length - 1);
  const add = ({ facet, value }: Suggestion): void => {
    setQuery(withValue(filter, facet, value));
    setTyped('');
    setActive(0);
    // The results are what one wants to see now; typing or ArrowDown opens it again.
    setOpen(false);
  };
  const move = (to: number): void => {
    setActive(Math.max(0, Math.min(found.length - 1, to)));
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') {
      setOpen(true);
      move(current + 1);
    } else if (event.key === 'ArrowUp') move(current - 1);
    else if (event.key === 'Enter' && found[current]) add(found[current]);
    else if (event.key === 'Escape') {
      setOpen(false);
      setTyped('');
      input.current?.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative min-w-0 flex-1 max-sm:basis-full sm:max-w-72 sm:min-w-48">
      <label className="flex h-8 pointer-coarse:h-10 items-center gap-2 rounded-md border border-line-strong bg-s1 px-2.5 focus-within:outline-2 focus-within:outline-accent">
        <SearchIcon className="size-4 shrink-0 text-fg3" />
        <input
          ref={input}
          role="combobox"
          aria-label="Add a filter"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
          value={typed}
          placeholder="Filter by host, model, consumer…"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setOpen(true);
            setActive(0);
          }}
          onFocus={() => setOpen(true)}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none"
        />
        <kbd className="rounded border px-1.5 font-mono text-2xs text-fg3 max-sm:hidden">/</kbd>
      </label>
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Filters to add"
        hidden={found.length === 0}
        className="absolute top-full left-0 z-20 mt-1 max-h-80 w-full min-w-72 overflow-y-auto sm:min-w-96 rounded-lg border border-line-strong bg-s2 p-1 shadow-(--shadow)"
      >
        {found.map((each, index) => (
          <li
            key={`${each.facet} ${each.value}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            // Before the input loses its focus, which would close the list.
            onPointerDown={(event) => {
              event.preventDefault();
              add(each);
            }}
            className={`flex h-8 pointer-coarse:h-10 cursor-pointer items-center gap-3 rounded px-2.5 text-sm ${index === current ? 'bg-s3' : 'hover:bg-s3'}`}
          >
            <span className="w-16 shrink-0 text-xs text-fg3">{each.word}</span>
            <span className="truncate">{each.label}</span>
          </li>
        ))}
      </ul>
      {open && typed !== '' && found.length === 0 && (
        <p
          role="status"
          className="absolute top-full left-0 z-20 mt-1 w-full rounded-lg border border-line-strong bg-s2 px-3 py-2 text-sm text-fg2"
        >
          {matchesHidden(known, filter, typed)
            ? `Only hidden hosts or models match “${typed}”.`
            : `Nothing seen so far matches “${typed}”.`}
        </p>
      )}
    </div>
  );
}
