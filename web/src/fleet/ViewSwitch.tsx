'use client';
import { VIEWS, type FleetView } from './view';

export function ViewSwitch({ value, onChange }: { value: FleetView; onChange: (view: FleetView) => void }) {
  return (
    <div
      role="group"
      aria-label="View"
      className="flex rounded-md border border-line-strong p-0.5 pointer-coarse:-my-px pointer-coarse:p-0"
    >
      {VIEWS.map(({ name, text, Icon }) => (
        <button
          key={name}
          type="button"
          aria-label={text}
          aria-pressed={name === value}
          title={text}
          onClick={() => onChange(name)}
          className={`grid h-6.5 w-8 pointer-coarse:size-10 place-items-center rounded ${name === value ? 'bg-s3 text-fg' : 'text-fg3 hover:text-fg'}`}
        >
          <Icon className="size-4" />
        </button>
      ))}
    </div>
  );
}
