import type { HostContext } from './http/context.js';
import type { WrittenAnswer } from './llama/writes.js';

export interface SimHostState {
  id: string;
  generation: string;
  boot: number;
  models: Array<{ id: string; state: string; serving: number }>;
  inflight: number;
  /** Rows in the ring now. */
  ring: number;
  /** Rows ever made, over all starts. */
  rowsEver: number;
}

/** What the host is doing now, for tests. */
export function hostState(ctx: Pick<HostContext, 'options' | 'engine' | 'ledger'>): SimHostState {
  const { engine } = ctx;
  return {
    id: ctx.options.id,
    generation: engine.generation,
    boot: engine.boot,
    models: [...engine.models.values()].map(({ spec, state, servingCount }) => ({
      id: spec.id,
      state,
      serving: servingCount,
    })),
    inflight: engine.inflight.size,
    ring: engine.activity.rows().length,
    rowsEver: ctx.ledger.length,
  };
}

/** Every streamed answer of the process that runs now, model by model. */
export function writtenBy({ engine }: Pick<HostContext, 'engine'>): WrittenAnswer[] {
  return [...engine.models.values()].flatMap(({ runtime }) => runtime.writes.answers);
}
