'use client';
import { useId, type ReactNode } from 'react';
import { Field } from '../page/Field';
import type { Problems } from './read-settings';
import { NUMBERS, type SettingKey, type Settings } from './settings';
import { PresetBar } from './PresetBar';

interface ParametersProps {
  settings: Settings;
  problems: Problems;
  onChange: (settings: Settings) => void;
}

/** What goes with every request of the sheet. What is empty is not sent: the host's own setting holds. */
export function Parameters({ settings, problems, onChange }: ParametersProps) {
  const set = (key: SettingKey) => (value: string) => onChange({ ...settings, [key]: value });
  const text = (key: SettingKey) => ({ value: settings[key], onChange: set(key), problem: problems[key] });
  return (
    <div className="flex flex-col gap-4">
      <PresetBar settings={settings} onChoose={onChange} />
      <TextArea label="System prompt" {...text('system')} />
      <p className="text-xs text-fg3">What is empty isn’t sent, so the host’s own setting holds.</p>
      <div className="grid grid-cols-2 gap-x-3 gap-y-3">
        {NUMBERS.map(({ key, label }) => (
          <Field key={key} label={label} inputMode="decimal" placeholder="not set" mono {...text(key)} />
        ))}
        <label className="flex items-end gap-2 pb-2 text-sm">
          <input
            type="checkbox"
            checked={settings.stream}
            onChange={(event) => onChange({ ...settings, stream: event.currentTarget.checked })}
            className="accent-accent"
          />
          Stream
        </label>
      </div>
      <TextArea label="Stop" hint="One a line; \n is a line break." mono {...text('stop')} />
      <TextArea
        label="JSON schema"
        hint="The answer has to fit it; sent as response_format."
        mono
        {...text('schema')}
      />
      <TextArea
        label="Tools"
        hint="As JSON. They are shown when they are called, not run."
        mono
        {...text('tools')}
      />
      <TextArea label="Other fields" hint="As JSON, put into the request." mono {...text('other')} />
    </div>
  );
}

interface TextAreaProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
  hint?: ReactNode;
  mono?: boolean;
}

function TextArea({ label, value, onChange, problem, hint, mono = false }: TextAreaProps) {
  const id = useId();
  const told = problem ?? hint;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        aria-invalid={problem !== undefined}
        aria-describedby={told ? `${id}-told` : undefined}
        spellCheck={!mono}
        className={`max-h-72 min-h-14 w-full resize-y rounded-md border bg-bg px-3 py-2 [field-sizing:content] ${mono ? 'font-mono text-xs leading-5' : 'text-sm'} ${problem ? 'border-error' : 'border-line-strong'}`}
      />
      {told && (
        <p id={`${id}-told`} className={`text-xs ${problem ? 'text-error' : 'text-fg2'}`}>
          {told}
        </p>
      )}
    </div>
  );
}
