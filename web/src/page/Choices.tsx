'use client';

interface ChoicesProps {
  legend: string;
  /** What none chosen means. */
  none: string;
  offered: readonly { value: string; text: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Any of a list; what is chosen and no longer offered can be taken out. */
export function Choices({ legend, none, offered, chosen, onChange }: ChoicesProps) {
  const gone = chosen
    .filter((value) => !offered.some((each) => each.value === value))
    .map((value) => ({ value, text: `${value} (gone)` }));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">
        {legend} <span className="font-normal text-fg3">({none})</span>
      </legend>
      <div className="flex max-h-32 flex-wrap gap-x-5 gap-y-1 overflow-y-auto pointer-coarse:max-h-44">
        {[...offered, ...gone].map(({ value, text }) => (
          <label key={value} className="flex h-7 min-w-0 items-center gap-2 text-sm pointer-coarse:h-10">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...chosen, value] : chosen.filter((each) => each !== value),
                )
              }
              className="accent-accent"
            />
            <span className="truncate">{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
