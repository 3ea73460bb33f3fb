import { asList, asObject, asText, objectsIn, type Json } from '@boocontrol/fleet-model';
import { NO_FIGURES } from './figures';
import { settingsOf } from './settings';
import { newId, newPane } from './turns';
import {
  MOST_PANES,
  OUTCOMES,
  ROLES,
  type Account,
  type Figures,
  type Answerer,
  type Call,
  type Pane,
  type Picture,
  type Sheet,
  type Trouble,
  type Turn,
} from './types';

/** Of what is written now. */
const VERSION = 1;

export type Written = { v: number; sheet: Sheet };
export const written = (sheet: Sheet): Written => ({ v: VERSION, sheet });

/**
 * A sheet as this browser kept it. What is garbled is left out of it; null: nothing of it can be read, or a newer version
 * wrote it.
 */
export function readSheet(value: unknown): Sheet | null {
  const kept = asObject(value);
  const sheet = kept?.['v'] === VERSION ? asObject(kept['sheet']) : null;
  const id = asText(sheet?.['id']);
  if (!sheet || !id) return null;
  const panes = objectsIn(asList(sheet['panes'])).slice(0, MOST_PANES).map(readPane);
  return {
    id,
    rev: numberOf(sheet['rev']) ?? 0,
    atMs: numberOf(sheet['atMs']) ?? 0,
    settings: settingsOf(sheet['settings']),
    prompt: asText(sheet['prompt']) ?? '',
    panes: panes.length > 0 ? panes : [newPane('')],
  };
}

const readPane = (pane: Json): Pane => ({
  id: asText(pane['id']) || newId(),
  model: asText(pane['model']) ?? '',
  turns: objectsIn(asList(pane['turns'])).flatMap(readTurn),
});

function readTurn(turn: Json): Turn[] {
  const role = ROLES.find((each) => each === turn['role']);
  if (!role) return [];
  return [
    {
      id: asText(turn['id']) || newId(),
      role,
      text: asText(turn['text']) ?? '',
      reasoning: asText(turn['reasoning']) ?? '',
      pictures: objectsIn(asList(turn['pictures'])).flatMap(readPicture),
      calls: objectsIn(asList(turn['calls'])).map(readCall),
      callId: asText(turn['callId']),
      account: readAccount(turn['account']),
    },
  ];
}

/** Only pictures that are in the text itself: nothing kept here may make the page ask anybody else. */
export const isPictureUrl = (url: string): boolean => /^data:image\/(?:png|jpeg|webp|gif);base64,/.test(url);

function readPicture(picture: Json): Picture[] {
  const url = asText(picture['url']) ?? '';
  return isPictureUrl(url) ? [{ name: asText(picture['name']) ?? 'picture', url }] : [];
}

const readCall = (call: Json): Call => ({
  id: asText(call['id']) ?? '',
  name: asText(call['name']) ?? '',
  arguments: asText(call['arguments']) ?? '',
});

function readAccount(value: unknown): Account | null {
  const account = asObject(value);
  if (!account) return null;
  return {
    outcome: OUTCOMES.find((each) => each === account['outcome']) ?? 'left',
    finish: asText(account['finish']),
    trouble: readTrouble(asObject(account['trouble'])),
    answerer: readAnswerer(asObject(account['answerer']) ?? {}),
    figures: readFigures(asObject(account['figures']) ?? {}),
  };
}

const readTrouble = (trouble: Json | null): Trouble | null =>
  trouble && {
    title: asText(trouble['title']) ?? 'The answer ended with an error',
    message: asText(trouble['message']) ?? '',
    advice: asText(trouble['advice']) ?? '',
  };

const readAnswerer = (answerer: Json): Answerer => ({
  dispatchId: asText(answerer['dispatchId']),
  providerId: asText(answerer['providerId']),
  model: asText(answerer['model']),
  policy: asText(answerer['policy']),
  reason: asText(answerer['reason']),
  attempts: numberOf(answerer['attempts']),
});

function readFigures(figures: Json): Figures {
  const names = Object.keys(NO_FIGURES) as (keyof Figures)[];
  const numbers = names
    .filter((name) => name !== 'isByChunks')
    .map((name) => [name, numberOf(figures[name])] as const);
  return { ...NO_FIGURES, ...Object.fromEntries(numbers), isByChunks: figures['isByChunks'] === true };
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
