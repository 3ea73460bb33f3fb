import type { Liveness, Model, Provider } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import type { Contact, Followed } from '../follow/followed.js';
import { BadItems } from '../state/bad-items.js';
import { diffModels } from '../state/diff-models.js';
import { LatestFact, type Facts } from '../state/facts.js';
import type { HostLog } from '../state/host-log.js';
import { LivenessState } from '../state/liveness.js';
import type { Timings } from '../timings.js';
import { ListContact, type ListReader } from './list-contact.js';
import { ModelListClient } from './model-list-client.js';
import type { ReadList } from './read-list.js';

/**
 * A provider of which only its list of models is followed: a service of somebody else, or another BooControl. Whether the list
 * can be had is its liveness. What becomes of requests to it is on ROUTES, where the gateway states it.
 */
export class FollowedList implements Followed, ListReader {
  readonly liveness: LivenessState;
  private readonly bad: BadItems;
  private readonly whole: LatestFact<'models'>;
  private known: Model[] | null = null;
  private stated = '';
  /** Before that a list that changed is not stated: a provider whose list never stays the same must not fill the log. */
  private nextStatementMs = 0;
  private told: NonNullable<Liveness['list']> | null = null;

  constructor(
    /** null: there is no list in it. */
    readonly read: (body: unknown) => ReadList | null,
    readonly provider: Provider,
    facts: Facts,
    private readonly log: HostLog,
    readonly timings: Timings,
  ) {
    this.liveness = new LivenessState(facts, Date.now());
    this.whole = new LatestFact(facts, 'models');
    this.bad = new BadItems(facts);
  }

  async recover(): Promise<void> {
    this.known = await this.log.models();
    const lastHeardAt = await this.log.lastHeardAt();
    if (lastHeardAt !== null) this.liveness.heard(instantToMs(lastHeardAt));
    this.liveness.learn({ monitoring: 'absent' });
  }

  repeat(): Promise<void> {
    this.liveness.repeat();
    this.whole.repeat();
    return Promise.resolve();
  }

  disabled(): void {
    // Nothing is stated of it that would not hold while it is switched off.
  }

  idle(): Promise<void> {
    return this.whole.idle();
  }

  contact(key: { apiKey?: string }): Contact {
    return new ListContact(new ModelListClient(this.provider, key, this.timings.listTimeoutMs), this);
  }

  listed({ models: listed, leftOut, bad }: ReadList, tookMs: number, nowMs: number): void {
    this.liveness.heard(nowMs);
    this.bad.report('bad_row', '/v1/models', bad, nowMs);
    const { models } = diffModels(this.known, listed, instantFromMs(nowMs), 'after_gap');
    this.known = models;
    const text = JSON.stringify(models);
    if (text !== this.stated && nowMs >= this.nextStatementMs) {
      this.stated = text;
      this.nextStatementMs = nowMs + (Buffer.byteLength(text) / 1_024) * this.timings.listRestPerKbMs;
      this.whole.set({ models });
    }
    const list = { ms: Math.round(tookMs), leftOut };
    if (this.told === null || isNews(this.told, list)) this.liveness.learn({ list: (this.told = list) });
    if (this.liveness.link.state !== 'connected') this.liveness.step({ type: 'connected' });
  }
}

/** How long an answer takes is never the same twice. */
function isNews(told: NonNullable<Liveness['list']>, { ms, leftOut }: typeof told): boolean {
  return leftOut !== told.leftOut || Math.abs(ms - told.ms) > Math.max(20, told.ms / 4);
}
