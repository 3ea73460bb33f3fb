'use client';

export interface Option {
  value: string;
  label: string;
}

interface SelectProps {
  /** Accessible name. */
  label: string;
  /** What the first option says, which chooses nothing; absent: something is always chosen. */
  all?: string;
  value: string | null;
  options: readonly Option[];
  onChange: (value: string | null) => void;
}

/** One of a list; what is chosen is offered also when it is no longer there. */
export function Select({ label, all, value, options, onChange }: SelectProps) {
  const isGone = value !== null && !options.some((option) => option.value === value);
  const isChosen = all !== undefined && value !== null;
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      className={`h-8 min-w-0 max-w-full rounded-md border bg-s1 px-2 text-sm pointer-coarse:h-10 ${isChosen ? 'border-accent text-fg' : 'border-line-strong text-fg2'}`}
    >
      {all !== undefined && <option value="">{all}</option>}
      {(isGone ? [...options, { value, label: value }] : options).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
