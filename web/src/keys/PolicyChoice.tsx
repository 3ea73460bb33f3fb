'use client';
import { DIRECT, type RoutePolicies } from '@boocontrol/contracts';
import { useResource } from '../api/resource';

interface PolicyChoiceProps {
  /** Empty: all. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

const BUILT_IN = ['auto', 'code', 'fast', 'cheap'];

/** Which policies a key may use; names that are gone can be taken out. */
export function PolicyChoice({ chosen, onChange }: PolicyChoiceProps) {
  const { data } = useResource<RoutePolicies>('/routing/policies');
  const known = data?.policies.map(({ name }) => name) ?? BUILT_IN;
  const offered = [...new Set([...known, DIRECT, ...chosen])];
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">
        Policies <span className="font-normal text-fg3">(none chosen: all)</span>
      </legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {offered.map((name) => (
          <label key={name} className="flex h-7 items-center gap-2 text-sm pointer-coarse:h-10">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...chosen, name] : chosen.filter((each) => each !== name),
                )
              }
              className="accent-accent"
            />
            {name === DIRECT ? 'models by name' : name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
