import { Draft } from '../../playground/draft';
import { Queue } from '../../playground/queue';
import { V1Request } from '../../playground/request';
import { newId } from '../../playground/turns';
import type { Account } from '../../playground/types';
import { ReadDraft } from './read-draft';
import type { Replayable } from './replayable';

/** A host and model that the request is sent to, and what came of it. */
export interface Replay {
  id: string;
  /** `<provider>/<model>`, as it is sent. */
  model: string;
  phase: 'chosen' | 'queued' | 'under way' | 'over';
  request: V1Request | null;
  /** Once it is over. */
  account: Account | null;
}

export const MOST_REPLAYS = 4;
const SOURCE = 'replay';

interface Parts {
  /** The machine that a model's requests go to; null: not known, or nobody whom we could slow down. */
  machineOf: (model: string) => string | null;
  makeRequest?: (path: string, body: string) => V1Request;
  /** Draws what has come, soon; how often is its own. */
  soon?: (draw: () => void) => void;
}

const requestOf = (path: string, body: string): V1Request => {
  const draft = path === '/v1/chat/completions' ? new Draft() : new ReadDraft();
  return new V1Request({ path, body, source: SOURCE, draft });
};

/** One captured request, sent again to whom one likes. Those of one machine go one after the other. */
export class Replays {
  private list: readonly Replay[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly queue = new Queue();
  private isDrawing = false;
  private readonly parts: Required<Parts>;

  constructor(
    private readonly source: Extract<Replayable, { ok: true }>,
    parts: Parts,
  ) {
    this.parts = { makeRequest: requestOf, soon: (draw) => setTimeout(draw, 100), ...parts };
  }

  readonly get = (): readonly Replay[] => this.list;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(model: string): void {
    if (this.list.length >= MOST_REPLAYS) return;
    const chosen: Replay = { id: newId(), model, phase: 'chosen', request: null, account: null };
    this.set([...this.list, chosen]);
  }

  remove(id: string): void {
    this.stop(id);
    this.set(this.list.filter((each) => each.id !== id));
  }

  /** Sends what is chosen and was not sent yet. */
  sendAll(): void {
    for (const { id, phase } of this.list) if (phase === 'chosen') this.send(id);
  }

  /** Once more, too. */
  send(id: string): void {
    const replay = this.list.find((each) => each.id === id);
    if (!replay || replay.phase === 'queued' || replay.phase === 'under way') return;
    const request = this.parts.makeRequest(this.source.path, this.source.bodyFor(replay.model));
    const machine = this.parts.machineOf(replay.model);
    const phase = machine !== null && this.queue.isTaken(machine) ? 'queued' : 'under way';
    this.change(id, { request, account: null, phase });
    void this.queue.run(machine, request.signal, () => this.follow(id, request));
  }

  /** Ends one, or all; what has come of the answers stays. */
  stop(id?: string): void {
    for (const { id: each, phase, request } of this.list) {
      if ((id !== undefined && each !== id) || !request || (phase !== 'queued' && phase !== 'under way'))
        continue;
      request.stop();
      this.change(each, { phase: 'over', account: request.account('stopped', null) });
    }
  }

  private async follow(id: string, request: V1Request): Promise<void> {
    this.change(id, { phase: 'under way' });
    const account = await request.run(() => this.drawSoon());
    // Stopped, sent again, or taken away: that has been settled.
    const now = this.list.find((each) => each.id === id);
    if (now?.request === request && now.phase === 'under way') this.change(id, { phase: 'over', account });
  }

  private drawSoon(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    this.parts.soon(() => {
      this.isDrawing = false;
      this.set(this.list.map((each) => (each.phase === 'under way' ? { ...each } : each)));
    });
  }

  private change(id: string, change: Partial<Replay>): void {
    this.set(this.list.map((each) => (each.id === id ? { ...each, ...change } : each)));
  }

  private set(list: readonly Replay[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}
