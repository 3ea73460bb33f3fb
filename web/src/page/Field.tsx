'use client';
import { useId, type ComponentProps, type ReactNode } from 'react';

type FieldProps = Omit<ComponentProps<'input'>, 'onChange' | 'className'> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** A sentence that takes the place of the hint. */
  problem: string | undefined;
  hint?: ReactNode;
  mono?: boolean;
};

/** A line of text with its name above, and below a hint or what is wrong with it. */
export function Field({ label, value, onChange, problem, hint, mono, ...rest }: FieldProps) {
  const id = useId();
  const told = problem ?? hint;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        aria-invalid={problem !== undefined}
        aria-describedby={told ? `${id}-told` : undefined}
        autoComplete="off"
        spellCheck={false}
        className={`h-9 pointer-coarse:h-10 w-full rounded-md border bg-bg px-3 disabled:text-fg3 ${mono ? 'font-mono text-sm' : ''} ${problem ? 'border-error' : 'border-line-strong'}`}
        {...rest}
      />
      {told && (
        <p id={`${id}-told`} className={`text-xs ${problem ? 'text-error' : 'text-fg2'}`}>
          {told}
        </p>
      )}
    </div>
  );
}
