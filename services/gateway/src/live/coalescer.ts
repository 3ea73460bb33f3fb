import { FACT_ROOM, type Fact, type FactKind, type FactRoom } from '@boocontrol/contracts';

/** They hold their whole slice, so within one tick the newest of a host stands for those before it. */
const REPLACEABLE: ReadonlySet<FactKind> = new Set(['inflight', 'perf']);

/** Facts on their way to the rooms, gathered between two ticks. */
export class Coalescer {
  private pending = new Map<FactRoom, Map<string, Fact>>();

  add(fact: Fact): void {
    const room = FACT_ROOM[fact.kind];
    const facts = this.pending.get(room) ?? new Map<string, Fact>();
    this.pending.set(room, facts);
    const key = REPLACEABLE.has(fact.kind) ? `${fact.kind} ${fact.body.providerId}` : String(fact.seq);
    // Deleted first, so that the order stays that of the log.
    facts.delete(key);
    facts.set(key, fact);
  }

  /** What came since the last call, by room, each in the order of the log. */
  drain(): [FactRoom, Fact[]][] {
    const drained = [...this.pending].map(([room, facts]): [FactRoom, Fact[]] => [room, [...facts.values()]]);
    this.pending = new Map();
    return drained;
  }
}
