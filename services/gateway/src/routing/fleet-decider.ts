import type { Explain } from '@boocontrol/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Ask, Decider, Target } from '../inference/parts.js';
import { decide, type Decision } from './decide.js';
import { FleetWorld } from './fleet-world.js';
import { refusal } from './refusals.js';

const STARTING_RETRY_S = 2;
/** A dry run tells of more than a record keeps. */
const EXPLAINED = 1_000;

/** Decides on the fleet as it is at the moment of asking. */
@Injectable()
export class FleetDecider implements Decider {
  constructor(@Inject(FleetWorld) private readonly world: FleetWorld) {}

  decide(ask: Ask, nowMs: number): Decision {
    return this.settle(ask, nowMs);
  }

  served(session: string, { providerId, model }: Target): void {
    this.world.affinity.served(session, { providerId, model });
  }

  /** The same decision, and nothing is sent. */
  explain(ask: Ask, nowMs: number): Explain {
    const decision = this.settle(ask, nowMs, EXPLAINED);
    if (!decision.ok) {
      const { policy, candidates, code, message } = decision.refusal;
      return { policy, candidates: [...candidates], choice: null, error: { code, message } };
    }
    const { policy, candidates, targets } = decision.choice;
    const [first] = targets;
    const choice = first === undefined ? null : { providerId: first.providerId, model: first.model };
    return { policy, candidates: [...candidates], choice, error: null };
  }

  private settle(ask: Ask, nowMs: number, max?: number): Decision {
    if (this.world.isRead) return decide(this.world, ask, nowMs, max);
    const message = 'The gateway is still reading the fleet from the log; try again in a moment.';
    return { ok: false, refusal: refusal('no_candidate', message, { retryAfterS: STARTING_RETRY_S }) };
  }
}
