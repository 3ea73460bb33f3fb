import type { Account, Call, Pane, Picture, Turn } from './types';

/** Ids are of this browser alone. Not every page has crypto.randomUUID: it wants https or loopback. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

const turn = (role: Turn['role'], text: string): Turn => ({
  id: newId(),
  role,
  text,
  reasoning: '',
  pictures: [],
  calls: [],
  callId: null,
  account: null,
});

export const userTurn = (text: string, pictures: readonly Picture[] = []): Turn => ({
  ...turn('user', text),
  pictures,
});
export const systemTurn = (text: string): Turn => turn('system', text);
export const toolTurn = (callId: string, text: string): Turn => ({ ...turn('tool', text), callId });

interface Answered {
  text: string;
  reasoning: string;
  calls: readonly Call[];
}

export const answerTurn = (answer: Answered, account: Account | null): Turn => ({
  ...turn('assistant', answer.text),
  reasoning: answer.reasoning,
  // A result names its call: one without an id gets one.
  calls: answer.calls.map((call, n) => ({ ...call, id: call.id || `call_${n + 1}_${newId().slice(0, 6)}` })),
  account,
});

export const newPane = (model: string, turns: readonly Turn[] = []): Pane => ({ id: newId(), model, turns });

/** What is asked again for the answer `turnId`, or after the message `turnId` of somebody else. */
export function turnsUpTo(turns: readonly Turn[], turnId: string): readonly Turn[] {
  const at = turns.findIndex(({ id }) => id === turnId);
  if (at === -1) return turns;
  return turns.slice(0, turns[at]?.role === 'assistant' ? at : at + 1);
}

/** With another text in the place of a message; what came after it is gone. */
export function edited(turns: readonly Turn[], turnId: string, text: string): readonly Turn[] {
  return turnsUpTo(turns, turnId).map((each) => (each.id === turnId ? { ...each, text } : each));
}

/** Without a message; with one of the user go the answers to it, so that nobody speaks twice in a row. */
export function without(turns: readonly Turn[], turnId: string): readonly Turn[] {
  const at = turns.findIndex(({ id }) => id === turnId);
  if (at === -1) return turns;
  if (turns[at]?.role !== 'user') return turns.toSpliced(at, 1);
  const next = turns.findIndex(({ role }, n) => n > at && role === 'user');
  return turns.toSpliced(at, (next === -1 ? turns.length : next) - at);
}

/** The same conversation once more, up to a message and with it; every turn gets an id of its own. */
export function forked(pane: Pane, turnId: string | null): Pane {
  const at = turnId === null ? -1 : pane.turns.findIndex(({ id }) => id === turnId);
  const turns = at === -1 ? pane.turns : pane.turns.slice(0, at + 1);
  return newPane(
    pane.model,
    turns.map((each) => ({ ...each, id: newId() })),
  );
}

/** Calls of the last answer that have no result yet. */
export function openCalls(turns: readonly Turn[]): readonly Call[] {
  const last = turns.findLastIndex(({ role }) => role === 'assistant');
  const after = turns.slice(last + 1);
  if (after.some(({ role }) => role !== 'tool')) return [];
  const answered = new Set(after.map(({ callId }) => callId));
  return (turns[last]?.calls ?? []).filter(({ id }) => !answered.has(id));
}

/** Somebody has to speak before an answer can be asked for. */
export const canBeAsked = (turns: readonly Turn[]): boolean => {
  const last = turns.at(-1);
  return last !== undefined && last.role !== 'assistant';
};
