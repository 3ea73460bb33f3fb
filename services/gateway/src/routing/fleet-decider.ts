import type { Explain, RouteChoices, RoutePolicy } from '@boocontrol/contracts';
import { nameOfPolicy } from '@boocontrol/client';
import { Inject, Injectable } from '@nestjs/common';
import type { Ask, Decider, Target } from '../inference/parts.js';
import { plainChat } from './ask.js';
import { decide, type Decision } from './decide.js';
import { FleetWorld } from './fleet-world.js';
import { isIdle } from './idle.js';
import { refusal } from './refusals.js';
import { withPolicy, type World } from './world.js';

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

  isIdle(target: Target, nowMs: number): boolean {
    return isIdle(this.world, target, nowMs);
  }

  served(session: string, { providerId, model }: Target): void {
    this.world.affinity.served(session, { providerId, model });
  }

  /** The same decision, and nothing is sent. @param draft in place of the policy of its name; null: as they are */
  explain(ask: Ask, nowMs: number, draft: RoutePolicy | null = null): Explain {
    const world = draft === null ? this.world : withPolicy(this.world, draft);
    const decision = this.settle(ask, nowMs, EXPLAINED, world);
    if (!decision.ok) {
      const { policy, candidates, code, message } = decision.refusal;
      return { policy, candidates: [...candidates], choice: null, error: { code, message } };
    }
    const { policy, candidates, targets } = decision.choice;
    const [first] = targets;
    const choice = first === undefined ? null : { providerId: first.providerId, model: first.model };
    return { policy, candidates: [...candidates], choice, error: null };
  }

  /** What each policy would choose for a plain chat, and how fast models were measured to be. */
  choices(nowMs: number): RouteChoices {
    return {
      policies: this.world.policyNames().map((name) => {
        const { choice, candidates, error } = this.explain(plainChat(nameOfPolicy(name)), nowMs);
        const [best] = candidates;
        if (choice === null || best === undefined) return { name, choice: null, why: error?.message ?? null };
        const { providerId, model, score, terms } = best;
        return { name, choice: { providerId, model, score, terms }, why: null };
      }),
      speeds: this.world.measuredSpeeds(),
    };
  }

  private settle(ask: Ask, nowMs: number, max?: number, world: World = this.world): Decision {
    if (this.world.isRead) return decide(world, ask, nowMs, max);
    const message = 'The gateway is still reading the fleet from the log; try again in a moment.';
    return { ok: false, refusal: refusal('no_candidate', message, { retryAfterS: STARTING_RETRY_S }) };
  }
}
