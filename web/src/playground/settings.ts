import { asObject, asText } from '@boocontrol/fleet-model';

/** Fields that are a number, in the order of the form. '' is not set, and what is not set is not sent. */
export const NUMBERS = [
  { key: 'temperature', field: 'temperature', label: 'Temperature', min: 0, max: 5 },
  { key: 'topP', field: 'top_p', label: 'Top p', min: 0, max: 1 },
  { key: 'topK', field: 'top_k', label: 'Top k', min: -1, max: 100_000, isWhole: true },
  { key: 'minP', field: 'min_p', label: 'Min p', min: 0, max: 1 },
  { key: 'repeatPenalty', field: 'repeat_penalty', label: 'Repeat penalty', min: 0, max: 10 },
  { key: 'presencePenalty', field: 'presence_penalty', label: 'Presence penalty', min: -2, max: 2 },
  { key: 'frequencyPenalty', field: 'frequency_penalty', label: 'Frequency penalty', min: -2, max: 2 },
  { key: 'seed', field: 'seed', label: 'Seed', min: -1, max: 4_294_967_295, isWhole: true },
  { key: 'maxTokens', field: 'max_tokens', label: 'Max tokens', min: 1, max: 10_000_000, isWhole: true },
] as const satisfies readonly NumberField[];

interface NumberField {
  key: string;
  field: string;
  label: string;
  min: number;
  max: number;
  isWhole?: boolean;
}

/** Fields that are a text. */
export const TEXTS = ['system', 'stop', 'schema', 'tools', 'other'] as const;

type NumberKey = (typeof NUMBERS)[number]['key'];
type TextKey = (typeof TEXTS)[number];
export type SettingKey = NumberKey | TextKey;

/** Parameters as they stand in the form. */
export type Settings = Readonly<Record<SettingKey, string>> & { readonly stream: boolean };

export const SETTING_KEYS: readonly SettingKey[] = [...NUMBERS.map(({ key }) => key), ...TEXTS];

export const NO_SETTINGS: Settings = {
  temperature: '',
  topP: '',
  topK: '',
  minP: '',
  repeatPenalty: '',
  presencePenalty: '',
  frequencyPenalty: '',
  seed: '',
  maxTokens: '',
  system: '',
  stop: '',
  schema: '',
  tools: '',
  other: '',
  stream: true,
};

/** Settings that somebody kept; what is garbled is not set. */
export function settingsOf(value: unknown): Settings {
  const known = asObject(value) ?? {};
  const texts = SETTING_KEYS.map((key) => [key, asText(known[key]) ?? '']);
  return { ...NO_SETTINGS, ...(Object.fromEntries(texts) as Settings), stream: known['stream'] !== false };
}

/** How many are set. */
export const setCount = (settings: Settings): number =>
  SETTING_KEYS.filter((key) => settings[key].trim() !== '').length + (settings.stream ? 0 : 1);
