'use client';
import { useMemo, useState } from 'react';
import { useKeptChoice } from '../browser/kept';
import { tellUndoable } from '../ui/notices';
import { Button, IconButton } from '../ui/controls';
import { CloseIcon } from '../ui/icons';
import { Popover } from '../ui/Popover';
import { PRESETS_KEY, readPresets, withPreset, writePresets } from './presets';
import { NO_SETTINGS, setCount, type Settings } from './settings';

interface PresetBarProps {
  settings: Settings;
  onChoose: (settings: Settings) => void;
}

/** Parameters under names, kept in this browser. */
export function PresetBar({ settings, onChoose }: PresetBarProps) {
  const [kept, keep] = useKeptChoice(PRESETS_KEY);
  const presets = useMemo(() => readPresets(kept), [kept]);
  const [name, setName] = useState('');
  const remove = (gone: string): void => {
    keep(writePresets(presets.filter((each) => each.name !== gone)));
    tellUndoable(`The preset ${gone} is removed.`, () => keep(kept));
  };
  return (
    <div className="flex items-center gap-2">
      <Popover label="Presets" button={`Presets${presets.length > 0 ? ` (${presets.length})` : ''}`}>
        {(close) => (
          <div className="flex w-72 flex-col gap-2 p-2 text-sm">
            {presets.length === 0 && (
              <p className="text-xs text-fg2">
                None yet. A preset keeps all parameters of this panel in this browser.
              </p>
            )}
            <ul aria-label="Presets">
              {presets.map((preset) => (
                <li key={preset.name} className="flex items-center">
                  <Button
                    look="quiet"
                    className="min-w-0 flex-1 justify-start!"
                    onClick={() => {
                      onChoose(preset.settings);
                      close();
                    }}
                  >
                    <span className="truncate">{preset.name}</span>
                  </Button>
                  <IconButton label={`Remove ${preset.name}`} onClick={() => remove(preset.name)}>
                    <CloseIcon className="size-3.5" />
                  </IconButton>
                </li>
              ))}
            </ul>
            <form
              className="flex gap-2 border-t pt-2"
              onSubmit={(event) => {
                event.preventDefault();
                if (name.trim() === '') return;
                keep(writePresets(withPreset(presets, name, settings)));
                setName('');
              }}
            >
              <input
                aria-label="Name of the preset"
                placeholder="Save these as"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-bg px-2 text-sm pointer-coarse:h-10"
              />
              <Button type="submit" disabled={name.trim() === ''}>
                Save
              </Button>
            </form>
          </div>
        )}
      </Popover>
      <Button look="quiet" disabled={setCount(settings) === 0} onClick={() => onChoose(NO_SETTINGS)}>
        Clear all
      </Button>
    </div>
  );
}
