'use client';
import { useRef } from 'react';
import { useKeys } from '../browser/keys';
import { SearchIcon } from '../ui/icons';

interface FilterFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** It takes effect now, and not when nothing more has been typed for a while. */
  onEnter?: () => void;
  /** Whether `/` puts the focus here. */
  hasKey?: boolean;
}

/** Free text to filter by. `/` puts the focus here, Esc empties it. */
export function FilterField({ label, value, onChange, onEnter, hasKey = true }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useKeys(hasKey ? { '/': () => input.current?.focus() } : {});
  return (
    <label className="flex h-8 pointer-coarse:h-10 items-center gap-2 rounded-md border border-line-strong bg-s1 px-2.5 focus-within:outline-2 focus-within:outline-accent max-sm:flex-1">
      <SearchIcon className="size-4 shrink-0 text-fg3" />
      <input
        ref={input}
        type="search"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onEnter?.();
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (value === '') event.currentTarget.blur();
          else onChange('');
        }}
        placeholder={label}
        maxLength={256}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        className="w-full min-w-0 bg-transparent text-sm outline-none sm:w-48"
      />
      {hasKey && <kbd className="rounded border px-1.5 font-mono text-2xs text-fg3 max-sm:hidden">/</kbd>}
    </label>
  );
}
