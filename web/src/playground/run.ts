import type { Json } from '@boocontrol/fleet-model';
import { NO_FIGURES } from './figures';
import type { ChatRequest } from './request';
import { requestBody } from './request-body';
import { NO_SETTINGS, type Settings } from './settings';
import { answerTurn, newId, newPane } from './turns';
import type { Account, Answerer, Call, Figures, Outcome, Pane, Sheet } from './types';

/** The answer that a pane waits for, as far as it has come. */
export interface Run {
  /** `queued`: another pane's answer has to end first, because both go to one machine. */
  phase: 'queued' | 'waiting' | 'answering';
  text: string;
  reasoning: string;
  calls: readonly Call[];
  /** What is said while a model is loaded. */
  notice: string | null;
  figures: Figures;
  answerer: Answerer;
}

export const newSheet = (settings: Settings = NO_SETTINGS, models: readonly string[] = ['']): Sheet => ({
  id: newId(),
  rev: 0,
  atMs: Date.now(),
  settings,
  prompt: '',
  panes: models.map((model) => newPane(model)),
});

export const bodyOf = ({ model, turns }: Pane, { system, stream }: Settings, fields: Json): string =>
  JSON.stringify(requestBody(model, system, turns, fields, stream));

/** With what has come of an answer; nothing where it was never asked for. */
export function withAnswer(
  sheet: Sheet,
  paneId: string,
  request: ChatRequest,
  outcome: Outcome,
  account: Account = request.account(outcome, null),
): Sheet {
  if (!request.isSent) return sheet;
  const { text, reasoning, toolCalls } = request.draft;
  const turn = answerTurn({ text, reasoning, calls: toolCalls }, account);
  return {
    ...sheet,
    panes: sheet.panes.map((pane) => (pane.id === paneId ? { ...pane, turns: [...pane.turns, turn] } : pane)),
  };
}

export function runOf(request: ChatRequest, isQueued = false): Run {
  const { draft, notice, answerer } = request;
  const { text, reasoning, toolCalls: calls } = draft;
  const hasBegun = text !== '' || reasoning !== '' || calls.length > 0;
  return {
    phase: isQueued ? 'queued' : hasBegun ? 'answering' : 'waiting',
    text,
    reasoning,
    calls,
    notice,
    figures: request.isSent ? request.account('left', null).figures : NO_FIGURES,
    answerer,
  };
}
