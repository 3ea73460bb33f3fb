import { asList, asText, objectsIn, parseJson } from '@boocontrol/fleet-model';
import { settingsOf, type Settings } from './settings';

/** Parameters under a name. */
export interface Preset {
  name: string;
  settings: Settings;
}

/** Where this browser keeps them. */
export const PRESETS_KEY = 'boo-playground-presets';
const MOST = 50;
const NAME_CHARS = 60;

/** As they were kept, by name; what is garbled is passed over. */
export const readPresets = (text: string | null): Preset[] =>
  objectsIn(asList(text === null ? null : parseJson(text)))
    .flatMap((each) => {
      const name = asText(each['name']);
      return name ? [{ name, settings: settingsOf(each['settings']) }] : [];
    })
    .slice(0, MOST);

/** With one more, or another in the place of the one of that name. */
export const withPreset = (presets: readonly Preset[], name: string, settings: Settings): Preset[] =>
  [
    { name: name.trim().slice(0, NAME_CHARS), settings },
    ...presets.filter((each) => each.name !== name.trim().slice(0, NAME_CHARS)),
  ]
    .slice(0, MOST)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));

export const writePresets = (presets: readonly Preset[]): string | null =>
  presets.length > 0 ? JSON.stringify(presets) : null;
