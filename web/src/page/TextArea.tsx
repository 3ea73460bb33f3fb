'use client';
import { useId, type ReactNode } from 'react';

interface TextAreaProps {
  label: string;
  /** Beside the label. */
  note?: string;
  value: string;
  onChange: (value: string) => void;
  problem?: string | undefined;
  hint?: ReactNode;
  rows: number;
  placeholder?: string;
  /** As tall as the room that is left. */
  fills?: boolean;
}

/** Several lines of code with their name above, and below a hint or what is wrong with them. */
export function TextArea({
  label,
  note,
  value,
  onChange,
  problem,
  hint,
  rows,
  placeholder,
  fills,
}: TextAreaProps) {
  const id = useId();
  const told = problem ?? hint;
  return (
    <div className="flex min-w-0 flex-col gap-1 text-sm">
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {note !== undefined && <span className="text-fg3"> ({note})</span>}
      </div>
      <textarea
        id={id}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        rows={rows}
        placeholder={placeholder}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={told ? `${id}-told` : undefined}
        className={`w-full rounded-md border bg-bg px-3 py-2 font-mono text-xs ${fills ? 'min-h-96 flex-1' : ''} ${problem ? 'border-error' : 'border-line-strong'}`}
      />
      {told && (
        <p id={`${id}-told`} className={`text-xs ${problem ? 'text-error' : 'text-fg2'}`}>
          {told}
        </p>
      )}
    </div>
  );
}
