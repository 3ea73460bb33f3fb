'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import type { RefObject } from 'react';
import type { SetQuery } from '../browser/query';
import { Select } from '../page/Select';
import { Button } from '../ui/controls';
import { SearchIcon } from '../ui/icons';
import { isFiltered, LEVEL_OPTIONS, MOST_TEXT, NO_FILTER, SOURCE_OPTIONS, type LogFilter } from './filters';

interface LogFiltersProps {
  filter: LogFilter;
  hosts: readonly PublicProvider[];
  models: readonly string[];
  problem: string | null;
  setQuery: SetQuery;
  /** "/" puts the focus here. */
  input: RefObject<HTMLInputElement | null>;
}

export function LogFilters({ filter, hosts, models, problem, setQuery, input }: LogFiltersProps) {
  const { host, source, model, level, text, isPattern } = filter;
  return (
    <div role="group" aria-label="Filters" className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      <div className="flex h-8 min-w-48 flex-1 items-center gap-1 rounded-md border border-line-strong bg-s1 pr-1 pl-2.5 focus-within:outline-2 focus-within:outline-accent max-sm:basis-full sm:max-w-80 pointer-coarse:h-10">
        <SearchIcon className="size-4 shrink-0 text-fg3" />
        <input
          ref={input}
          type="search"
          aria-label="Text"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'log-pattern-problem'}
          placeholder={isPattern ? 'Regular expression' : 'Text in the line'}
          value={text}
          maxLength={MOST_TEXT}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setQuery({ text: event.currentTarget.value || null }, true)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            if (text === '') event.currentTarget.blur();
            else setQuery({ text: null }, true);
          }}
          className="w-full min-w-0 bg-transparent text-sm outline-none"
        />
        <button
          type="button"
          aria-label="Regular expression"
          title="The text is a regular expression (RE2), letters in any case"
          aria-pressed={isPattern}
          onClick={() => setQuery({ re: isPattern ? null : '1' }, true)}
          className={`h-6 shrink-0 rounded px-1.5 font-mono text-xs pointer-coarse:h-9 pointer-coarse:px-3 ${isPattern ? 'bg-accent/20 text-accent' : 'text-fg3 hover:bg-s3 hover:text-fg'}`}
        >
          .*
        </button>
        <kbd className="rounded border px-1.5 font-mono text-2xs text-fg3 max-sm:hidden">/</kbd>
      </div>
      {/* On a phone one line that scrolls: the lines of the log are what the screen is for. */}
      <div className="flex min-w-0 flex-wrap items-center gap-2 max-sm:basis-full max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:*:shrink-0">
        <Select
          label="Host"
          all="All hosts"
          value={host}
          options={hosts.map(({ id, label }) => ({ value: id, label }))}
          onChange={(value) => setQuery({ host: value })}
        />
        <Select
          label="Source"
          all="Both sources"
          value={source}
          options={SOURCE_OPTIONS}
          onChange={(value) => setQuery({ source: value })}
        />
        <Select
          label="Model"
          all="All models"
          value={model}
          options={models.map((id) => ({ value: id, label: id }))}
          onChange={(value) => setQuery({ model: value })}
        />
        <Select
          label="Level"
          all="All levels"
          value={level}
          options={LEVEL_OPTIONS}
          onChange={(value) => setQuery({ level: value })}
        />
        {isFiltered(filter) && (
          <Button look="quiet" onClick={() => setQuery(NO_FILTER)}>
            Clear
          </Button>
        )}
      </div>
    </div>
  );
}
