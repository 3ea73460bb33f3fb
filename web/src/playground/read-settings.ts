import { asObject, parseJson, type Json } from '@boocontrol/fleet-model';
import { NUMBERS, type SettingKey, type Settings } from './settings';

/** What is wrong with fields of the form, a sentence each. */
export type Problems = Readonly<Partial<Record<SettingKey, string>>>;

export type Reading = { ok: true; fields: Json } | { ok: false; problems: Problems };

/** Fields of a request that have a place of their own. */
const TAKEN = ['model', 'messages', 'stream', 'stream_options'];

/** What of the form is sent, by the names that a request has for it. */
export function readSettings(settings: Settings): Reading {
  const problems: Partial<Record<SettingKey, string>> = {};
  const fields: Record<string, unknown> = {};
  for (const { key, field, ...range } of NUMBERS) {
    const text = settings[key].trim();
    if (text === '') continue;
    const problem = numberProblem(text, range);
    if (problem === null) fields[field] = Number(text);
    else problems[key] = problem;
  }
  const stop = settings.stop.split('\n').filter((line) => line !== '');
  if (stop.length > 0) fields['stop'] = stop.map(unescaped);
  for (const [key, read] of [
    ['schema', readSchema],
    ['tools', readTools],
    ['other', readOther],
  ] as const) {
    if (settings[key].trim() === '') continue;
    const value = read(settings[key]);
    if (typeof value === 'string') problems[key] = value;
    else Object.assign(fields, value);
  }
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, fields };
}

interface Range {
  min: number;
  max: number;
  isWhole?: boolean;
}

function numberProblem(text: string, { min, max, isWhole = false }: Range): string | null {
  const value = Number(text);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value))
    return 'Enter a number.';
  if (isWhole && !Number.isInteger(value)) return 'Enter a whole number.';
  return value < min || value > max ? `Use ${min} to ${max}.` : null;
}

/** A line of the form cannot hold a line break, so it is written `\n`. */
const unescaped = (line: string): string =>
  line.replace(/\\([nt\\])/g, (_, sign: string) => ({ n: '\n', t: '\t' })[sign] ?? sign);

/** A schema, or a whole `response_format`. @returns the field; a text: what is wrong */
function readSchema(text: string): Json | string {
  const value = asObject(parseJson(text));
  if (!value) return 'This is no JSON object. Paste a JSON schema, for example {"type": "object"}.';
  const isFormat = 'json_schema' in value || ['json_object', 'text'].includes(String(value['type']));
  return {
    response_format: isFormat
      ? value
      : { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: value } },
  };
}

function readTools(text: string): Json | string {
  const value = parseJson(text);
  const isTool = (each: unknown): boolean =>
    typeof asObject(asObject(each)?.['function'])?.['name'] === 'string';
  return Array.isArray(value) && value.length > 0 && value.every(isTool)
    ? { tools: value as unknown[] }
    : 'This is no list of tools. Each is {"type": "function", "function": {"name": …, "parameters": …}}.';
}

function readOther(text: string): Json | string {
  const value = asObject(parseJson(text));
  if (!value) return 'This is no JSON object, for example {"reasoning_effort": "low"}.';
  const taken = Object.keys(value).filter((name) => TAKEN.includes(name));
  return taken.length > 0 ? `${taken.join(', ')} cannot be set here.` : value;
}
