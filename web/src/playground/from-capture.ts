import type { ActivityEntry } from '@boocontrol/contracts';
import { asList, asObject, asText, objectsIn, parseJson, type Json } from '@boocontrol/fleet-model';
import { isPictureUrl } from './read-sheet';
import { NO_SETTINGS, NUMBERS, type SettingKey, type Settings } from './settings';
import { answerTurn, newPane, systemTurn, toolTurn, userTurn } from './turns';
import type { Call, Pane, Picture, Turn } from './types';

export type Taken =
  | { ok: true; settings: Settings; pane: Pane; left: readonly string[] }
  /** A sentence. */
  | { ok: false; why: string };

/** The text of a request's body, where all of it was kept. */
export function keptBody(
  capture: ActivityEntry['capture'],
): { ok: true; text: string } | { ok: false; why: string } {
  const body = capture?.reqBody;
  if (!body) return { ok: false, why: 'The body of this request was not kept.' };
  if (body.cut) return { ok: false, why: 'The body of this request was cut when it was kept.' };
  return { ok: true, text: body.encoding === 'utf8' ? body.data : '' };
}

/** A request as a host was asked it, to be asked again: a chat of the OpenAI API whose body was kept whole. */
export function takeCapture({ row, capture }: ActivityEntry): Taken {
  const kept = keptBody(capture);
  if (!kept.ok) return kept;
  const document = asObject(parseJson(kept.text));
  const messages = objectsIn(asList(document?.['messages']));
  if (!document || messages.length === 0) return { ok: false, why: 'This request is no chat.' };
  const left: string[] = [];
  const turns = messages.flatMap((message) => turnsOf(message, left));
  const [first, ...rest] = turns;
  const isLed = first?.role === 'system';
  return {
    ok: true,
    settings: { ...settingsIn(document), system: isLed ? first.text : '' },
    pane: newPane(`${row.providerId}/${row.model}`, isLed ? rest : turns),
    left: [...new Set(left)],
  };
}

function turnsOf(message: Json, left: string[]): Turn[] {
  const { text, pictures } = contentOf(message['content'], left);
  switch (message['role']) {
    case 'system':
    case 'developer':
      return [systemTurn(text)];
    case 'user':
      return [userTurn(text, pictures)];
    case 'tool':
      return [toolTurn(asText(message['tool_call_id']) ?? '', text)];
    case 'assistant': {
      const reasoning = asText(message['reasoning_content']) ?? '';
      const calls = objectsIn(asList(message['tool_calls'])).map(callOf);
      return [answerTurn({ text, reasoning, calls }, null)];
    }
    default:
      left.push(`messages of the role ${asText(message['role']) ?? 'without a name'}`);
      return [];
  }
}

function contentOf(content: unknown, left: string[]): { text: string; pictures: Picture[] } {
  const plain = asText(content);
  if (plain !== null) return { text: plain, pictures: [] };
  const texts: string[] = [];
  const pictures: Picture[] = [];
  for (const part of objectsIn(asList(content))) {
    const text = asText(part['text']);
    const url = asText(asObject(part['image_url'])?.['url']);
    if (text !== null) texts.push(text);
    else if (url !== null && isPictureUrl(url))
      pictures.push({ name: `picture ${pictures.length + 1}`, url });
    else
      left.push(
        url === null ? `parts of the type ${asText(part['type']) ?? '?'}` : 'pictures of other places',
      );
  }
  return { text: texts.join('\n'), pictures };
}

function callOf(call: Json): Call {
  const said = asObject(call['function']);
  return {
    id: asText(call['id']) ?? '',
    name: asText(said?.['name']) ?? '',
    arguments: asText(said?.['arguments']) ?? '',
  };
}

/** Fields that the form has, each in its place; the others together as JSON, so that nothing is lost. */
function settingsIn(document: Json): Settings {
  const { model: _model, messages: _messages, stream, stream_options: _options, ...rest } = document;
  const other: Record<string, unknown> = { ...rest };
  const settings: Record<SettingKey, string> = { ...NO_SETTINGS };
  for (const { key, field } of NUMBERS) {
    if (typeof other[field] !== 'number') continue;
    settings[key] = String(other[field]);
    delete other[field];
  }
  const stop = typeof other['stop'] === 'string' ? [other['stop']] : asList(other['stop']);
  if (stop.length > 0 && stop.every((each) => typeof each === 'string')) {
    settings.stop = stop.map(escaped).join('\n');
    delete other['stop'];
  }
  for (const [key, field] of [
    ['schema', 'response_format'],
    ['tools', 'tools'],
  ] as const) {
    const value = other[field];
    const isSet = Array.isArray(value) ? value.length > 0 : asObject(value) !== null;
    if (isSet) settings[key] = JSON.stringify(value, null, 2);
    delete other[field];
  }
  if (Object.keys(other).length > 0) settings.other = JSON.stringify(other, null, 2);
  return { ...settings, stream: stream !== false };
}

/** As a line of the form has it. */
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
