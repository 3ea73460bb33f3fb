'use client';
import { useMemo, useState } from 'react';
import { useLive, useMarks } from '../live';
import { Badges } from '../models/ModelBadges';
import { useBadges } from '../models/use-badges';
import { Field } from '../page/Field';
import { hostsOf, targetKey, type HostOfTargets } from './targets';

interface TargetPickerProps {
  /** `<host>/<model>` */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Models by their hosts, with what speaks for each. */
export function TargetPicker({ chosen, onChange }: TargetPickerProps) {
  const providers = useLive((state) => state.providers);
  const hosts = useLive(({ fleet }) => fleet?.hosts);
  const marks = useMarks();
  const [text, setText] = useState('');
  const offered = useMemo(
    () => hostsOf(providers, hosts ?? {}, marks, text),
    [providers, hosts, marks, text],
  );
  const toggle = (key: string, wanted: boolean): void =>
    onChange(wanted ? [...chosen, key] : chosen.filter((each) => each !== key));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field
        label="Find a model"
        value={text}
        onChange={setText}
        problem={undefined}
        placeholder="qwen, tower"
      />
      <div
        className="max-h-72 overflow-y-auto rounded-md border"
        tabIndex={0}
        role="group"
        aria-label="Models by host"
      >
        {offered.map((each) => (
          <Host key={each.provider.id} host={each} chosen={chosen} onToggle={toggle} />
        ))}
        {offered.length === 0 && (
          <p className="px-3 py-4 text-sm text-fg2">
            {text === ''
              ? 'No host has told of its models yet.'
              : 'No model of any host has this in its name.'}
          </p>
        )}
      </div>
    </div>
  );
}

interface HostProps {
  host: HostOfTargets;
  chosen: readonly string[];
  onToggle: (key: string, wanted: boolean) => void;
}

function Host({ host: { provider, away, models }, chosen, onToggle }: HostProps) {
  const badges = useBadges();
  return (
    <fieldset className="min-w-0 border-b last:border-b-0">
      <legend className="float-left w-full bg-s2 px-3 py-1 text-xs font-medium text-fg2">
        {provider.label}
        {away !== null && <span className="font-normal text-busy"> ({away})</span>}
      </legend>
      {models.map((model) => {
        const place = { providerId: provider.id, model };
        const key = targetKey(place);
        return (
          <label
            key={key}
            className="clear-both flex min-h-8 items-center gap-2.5 px-3 text-sm hover:bg-s2 pointer-coarse:min-h-10"
          >
            <input
              type="checkbox"
              checked={chosen.includes(key)}
              onChange={(event) => onToggle(key, event.currentTarget.checked)}
              className="accent-accent"
            />
            <code className="min-w-0 flex-1 truncate font-mono text-xs" title={model}>
              {model}
            </code>
            <Badges badges={badges([place])} focusable={false} />
          </label>
        );
      })}
    </fieldset>
  );
}
