'use client';

interface ViewChoiceProps<Name extends string> {
  /** Accessible name of the group. */
  label: string;
  views: readonly { name: Name; text: string }[];
  value: Name;
  onChange: (name: Name) => void;
}

/** One of a few views of the page, or of a part of it. */
export function ViewChoice<Name extends string>({ label, views, value, onChange }: ViewChoiceProps<Name>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex rounded-md border border-line-strong p-0.5 pointer-coarse:-my-px pointer-coarse:p-0"
    >
      {views.map(({ name, text }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === value}
          onClick={() => onChange(name)}
          className={`h-6.5 rounded px-3 text-sm pointer-coarse:h-10 ${name === value ? 'bg-s3 text-fg' : 'text-fg3 hover:text-fg'}`}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
