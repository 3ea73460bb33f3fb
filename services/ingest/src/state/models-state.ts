import type { Model, ModelChanged } from '@boocontrol/contracts';
import { changeModel, instantFromMs } from '@boocontrol/fleet-model';
import type { WireModel } from '@boocontrol/llama-swap';
import { PublishError } from '@boocontrol/platform';
import { diffModels } from './diff-models.js';
import { LatestFact, type Facts } from './facts.js';

interface Listed {
  models: WireModel[];
  atMs: number;
  observed: ModelChanged['observed'];
}

/** What a model's own server tells of itself; null: it does not. */
export interface Server {
  contextLength: number | null;
  slots: number | null;
}

/** Lists that wait while the bus is away; beyond, the ones between are skipped. */
const WAITING_MAX = 256;

/** Turns the host's lists into changes and the whole list, in this order, so that neither is lost or said twice. */
export class ModelsState {
  private known: Model[] | null = null;
  private readonly waiting: Listed[] = [];
  private readonly ttlS = new Map<string, number>();
  private readonly servers = new Map<string, Server>();
  private readonly whole: LatestFact<'models'>;
  private newest: WireModel[] | null = null;
  private stated = '';
  private isWorking = false;

  constructor(private readonly facts: Facts) {
    this.whole = new LatestFact(facts, 'models');
  }

  /** What the log has. */
  recover(known: Model[] | null): void {
    this.known = known;
    for (const { id, contextLength, slots = null } of known ?? [])
      if (contextLength !== null || slots !== null) this.servers.set(id, { contextLength, slots });
  }

  /** The host's newest list; null before the first. */
  get listed(): readonly WireModel[] | null {
    return this.newest;
  }

  list(models: WireModel[], observed: ModelChanged['observed'], nowMs: number): void {
    this.newest = models;
    if (this.waiting.length >= WAITING_MAX) this.waiting.shift();
    this.waiting.push({ models, observed, atMs: nowMs });
    if (!this.isWorking) void this.work();
  }

  /** What /running and /props told; stated with the newest list. */
  enrich(ttlS: ReadonlyMap<string, number>, servers: ReadonlyMap<string, Server>, nowMs: number): void {
    this.ttlS.clear();
    for (const [id, value] of ttlS) this.ttlS.set(id, value);
    for (const [id, { contextLength, slots }] of servers) {
      const before = this.servers.get(id);
      // One that could not be asked this time is most likely what it was.
      this.servers.set(id, {
        contextLength: contextLength ?? before?.contextLength ?? null,
        slots: slots ?? before?.slots ?? null,
      });
    }
    if (this.newest !== null) this.list(this.newest, 'live', nowMs);
  }

  /** States the whole list again, and changes that were refused. */
  repeat(): void {
    this.whole.repeat();
    if (this.newest !== null) this.list(this.newest, 'after_gap', Date.now());
  }

  idle(): Promise<void> {
    return this.whole.idle();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      try {
        await this.handle(next);
      } catch (error) {
        if (error instanceof PublishError && error.code === 'closed') break;
        this.facts.log.error({ err: error }, 'a model change was refused');
      }
    }
    this.isWorking = false;
  }

  private async handle({ models: listed, atMs, observed }: Listed): Promise<void> {
    const at = instantFromMs(atMs);
    const enriched = listed.map((model): WireModel => {
      const { contextLength = null, slots = null } = this.servers.get(model.id) ?? {};
      return {
        ...model,
        contextLength: model.contextLength ?? contextLength,
        ttlS: model.state === 'ready' ? (this.ttlS.get(model.id) ?? this.lastTtl(model.id)) : null,
        ...(slots === null ? {} : { slots }),
      };
    });
    const { models, changes } = diffModels(this.known, enriched, at, observed);
    // A list on its way belongs before the changes that follow it: recovery folds what comes after the newest list.
    if (changes.length > 0) await this.whole.idle();
    for (const change of changes) {
      // A header takes no line break, and a host may name a model as it likes.
      const msgId = `${this.facts.providerId}:model:${encodeURIComponent(change.model)}:${change.to}:${at}`;
      await this.facts.put('model-changed', change, { at, msgId });
      // Should the next one be refused, this one is not said again.
      this.known = changeModel(this.known ?? [], { providerId: this.facts.providerId, at, ...change });
    }
    this.known = models;
    const text = JSON.stringify(models);
    if (text === this.stated) return;
    this.stated = text;
    this.whole.set({ models });
  }

  private lastTtl(id: string): number | null {
    return this.known?.find((model) => model.id === id && model.state === 'ready')?.ttlS ?? null;
  }
}
