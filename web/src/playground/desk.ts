import { Queue } from './queue';
import { readSettings, type Problems } from './read-settings';
import { ChatRequest } from './request';
import { bodyOf, runOf, withAnswer, type Run } from './run';
import { canBeAsked, edited, forked, toolTurn, turnsUpTo, userTurn, without } from './turns';
import {
  MOST_PANES,
  type Account,
  type Outcome,
  type Pane,
  type Picture,
  type Sheet,
  type Turn,
} from './types';

export interface DeskState {
  sheet: Sheet;
  /** By the id of the pane. */
  runs: Readonly<Record<string, Run>>;
  /** What is wrong with the parameters since somebody wanted to send. */
  problems: Problems;
}

export interface DeskParts {
  /** The machine that a model's requests go to; null: not known, or nobody whom we could slow down. */
  machineOf: (model: string) => string | null;
  makeRequest?: (body: string) => ChatRequest;
  /** Draws what has come, soon; how often is its own. */
  soon?: (draw: () => void) => void;
  /** The gateway asks who we are. */
  onLocked?: () => void;
}

/** A hidden page draws nothing, and has no frames. */
const atNextFrame = (draw: () => void): void => {
  if (document.hidden) setTimeout(draw, 500);
  else requestAnimationFrame(draw);
};

/** The conversations side by side, and the requests that are under way for them. */
export class Desk {
  private state: DeskState;
  private readonly listeners = new Set<() => void>();
  private readonly requests = new Map<string, ChatRequest>();
  private readonly queue = new Queue();
  /** Of each pane the last request, for whoever wants to see it raw; gone with the page. */
  private readonly last = new Map<string, ChatRequest>();
  private isDrawing = false;
  private readonly parts: Required<DeskParts>;

  constructor(sheet: Sheet, parts: DeskParts) {
    this.state = { sheet, runs: {}, problems: {} };
    this.parts = {
      makeRequest: (body) => new ChatRequest(body),
      soon: atNextFrame,
      onLocked: () => undefined,
      ...parts,
    };
  }

  readonly get = (): DeskState => this.state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get isBusy(): boolean {
    return this.requests.size > 0;
  }

  /** What was sent last in a pane, and what came. */
  lastOf(paneId: string): ChatRequest | null {
    return this.last.get(paneId) ?? null;
  }

  /** The sheet as it would be if the page were left now. */
  get asLeft(): Sheet {
    const { sheet } = this.state;
    return [...this.requests].reduce((made, [id, request]) => withAnswer(made, id, request, 'left'), sheet);
  }

  change(change: Partial<Pick<Sheet, 'prompt' | 'settings'>>): void {
    this.set({
      sheet: { ...this.state.sheet, ...change },
      ...(change.settings ? { problems: {} } : {}),
    });
  }

  /** The sheet goes by another name, for another page has changed the one that it was. */
  rename(id: string): void {
    this.set({ sheet: { ...this.state.sheet, id, rev: 0 } });
  }

  /** Another sheet; what is under way is stopped first. */
  open(sheet: Sheet): void {
    this.stop();
    this.last.clear();
    this.set({ sheet, runs: {}, problems: {} });
  }

  setModel(paneId: string, model: string): void {
    this.setPane(paneId, (pane) => ({ ...pane, model }));
  }

  addPane(pane: Pane): void {
    const { sheet } = this.state;
    if (sheet.panes.length < MOST_PANES) this.set({ sheet: { ...sheet, panes: [...sheet.panes, pane] } });
  }

  closePane(paneId: string): void {
    this.stop(paneId);
    this.last.delete(paneId);
    const { sheet } = this.state;
    if (sheet.panes.length > 1)
      this.set({ sheet: { ...sheet, panes: sheet.panes.filter(({ id }) => id !== paneId) } });
  }

  /** The same conversation once more, beside it. @param turnId up to it; null: all of it */
  fork(paneId: string, turnId: string | null): void {
    const pane = this.pane(paneId);
    if (pane) this.addPane(forked(pane, turnId));
  }

  /** To every pane that waits for no answer. @returns whether it was sent */
  send(text: string, pictures: readonly Picture[]): boolean {
    const free = this.state.sheet.panes.filter(({ id, model }) => !this.requests.has(id) && model !== '');
    if (free.length === 0 || !this.check()) return false;
    for (const { id } of free) this.addTurns(id, [userTurn(text, pictures)]);
    for (const { id } of free) this.ask(id);
    return true;
  }

  /** Asks once more for an answer, or for one to a message that has another text now; what came after it is gone. */
  again(paneId: string, turnId: string, text?: string): void {
    if (this.requests.has(paneId) || !this.check()) return;
    this.setPane(paneId, (pane) => ({
      ...pane,
      turns: text === undefined ? turnsUpTo(pane.turns, turnId) : edited(pane.turns, turnId, text),
    }));
    this.ask(paneId);
  }

  /** What tools gave for the calls of the last answer, and the answer to that. */
  answerCalls(paneId: string, results: readonly { callId: string; text: string }[]): void {
    if (this.requests.has(paneId) || !this.check()) return;
    this.addTurns(
      paneId,
      results.map(({ callId, text }) => toolTurn(callId, text)),
    );
    this.ask(paneId);
  }

  remove(paneId: string, turnId: string): void {
    if (this.requests.has(paneId)) return;
    this.setPane(paneId, (pane) => ({ ...pane, turns: without(pane.turns, turnId) }));
  }

  /** Ends one pane's request, or all; what has come of the answers stays. */
  stop(paneId?: string, outcome: Outcome = 'stopped'): void {
    for (const [id, request] of this.requests) {
      if (paneId !== undefined && paneId !== id) continue;
      this.settle(id, request, outcome);
      request.stop();
    }
  }

  /** The bodies that would be sent for the next answer of a pane; null: the parameters are not right. */
  bodyFor(pane: Pane): string | null {
    const { settings } = this.state.sheet;
    const reading = readSettings(settings);
    return reading.ok ? bodyOf(pane, settings, reading.fields) : null;
  }

  private check(): boolean {
    const reading = readSettings(this.state.sheet.settings);
    this.set({ problems: reading.ok ? {} : reading.problems });
    return reading.ok;
  }

  private ask(paneId: string): void {
    const pane = this.pane(paneId);
    const body = pane && canBeAsked(pane.turns) ? this.bodyFor(pane) : null;
    if (!pane || body === null) return;
    const request = this.parts.makeRequest(body);
    this.requests.set(paneId, request);
    this.last.set(paneId, request);
    const machine = this.parts.machineOf(pane.model);
    this.setRun(paneId, runOf(request, machine !== null && this.queue.isTaken(machine)));
    void this.queue.run(machine, request.signal, () => this.follow(paneId, request));
  }

  private async follow(paneId: string, request: ChatRequest): Promise<void> {
    const draw = (): void => {
      if (this.requests.get(paneId) === request) this.setRun(paneId, runOf(request));
    };
    draw();
    const account = await request.run(() => this.drawSoon());
    // Stopped, or the pane is gone: that has been settled.
    if (this.requests.get(paneId) !== request) return;
    this.settle(paneId, request, account.outcome, account);
    if (request.status === 401) this.parts.onLocked();
  }

  private drawSoon(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    this.parts.soon(() => {
      this.isDrawing = false;
      const runs: Record<string, Run> = { ...this.state.runs };
      for (const [id, request] of this.requests) if (runs[id]?.phase !== 'queued') runs[id] = runOf(request);
      this.set({ runs });
    });
  }

  private settle(paneId: string, request: ChatRequest, outcome: Outcome, account?: Account): void {
    this.requests.delete(paneId);
    const { [paneId]: _gone, ...runs } = this.state.runs;
    this.set({ runs, sheet: withAnswer(this.state.sheet, paneId, request, outcome, account) });
  }

  private pane(paneId: string): Pane | undefined {
    return this.state.sheet.panes.find(({ id }) => id === paneId);
  }

  private addTurns(paneId: string, turns: readonly Turn[]): void {
    this.setPane(paneId, (pane) => ({ ...pane, turns: [...pane.turns, ...turns] }));
  }

  private setPane(paneId: string, change: (pane: Pane) => Pane): void {
    const { sheet } = this.state;
    const panes = sheet.panes.map((pane) => (pane.id === paneId ? change(pane) : pane));
    this.set({ sheet: { ...sheet, panes } });
  }

  private setRun(paneId: string, run: Run): void {
    this.set({ runs: { ...this.state.runs, [paneId]: run } });
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
