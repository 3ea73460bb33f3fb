import type { Action } from '@boocontrol/contracts';
import { HostError, type HostCommands } from '@boocontrol/llama-swap';
import { LiveFleet, pause } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Hosts } from './hosts.js';
import { doubtful, type Doubt, type Ending } from './outcome.js';
import { judge, type Sight } from './reconcile.js';
import { ACTION_TIMINGS, type ActionTimings } from './timings.js';

const LOOK_TIMEOUT_MS = 5_000;

/** Looks at a host for what became of an action. Asks it for nothing. */
@Injectable()
export class Reconciler {
  constructor(
    @Inject(Hosts) private readonly hosts: Hosts,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(ACTION_TIMINGS) private readonly timings: ActionTimings,
  ) {}

  /**
   * How an action ends that was begun and of which no answer came; what is on its way is waited for.
   * @param withinMs how long to wait; it looks at least once
   * @throws the signal's reason when that fires
   */
  async settle(action: Action, doubt: Doubt, withinMs: number, signal: AbortSignal): Promise<Ending> {
    const problem = this.hosts.problemOf(action.providerId);
    const words = doubtful(doubt, action);
    const begunMs = performance.now();
    let blindSinceMs: number | null = null;
    let wasUndone = false;
    if (problem !== null)
      return ended(judge(action, { of: 'nothing', why: problem.message, isFinal: true }, words));
    return this.hosts.with(action.providerId, async (host) => {
      for (;;) {
        const sight = await this.look(action, host, signal);
        signal.throwIfAborted();
        const nowMs = performance.now();
        blindSinceMs = sight.of === 'nothing' ? (blindSinceMs ?? nowMs) : null;
        const judgement = judge(action, sight, words);
        // A host that is about to do it shows nothing of that for a moment, so it is looked at twice.
        const isFinal =
          judgement.do === 'end'
            ? judgement.ending.state !== 'failed' || wasUndone
            : nowMs - begunMs >= withinMs ||
              (blindSinceMs !== null && nowMs - blindSinceMs >= this.timings.unreachableMs);
        if (isFinal) return ended(judgement);
        wasUndone = judgement.do === 'end';
        await pause(this.timings.lookAgainMs, signal);
        signal.throwIfAborted();
      }
    });
  }

  private async look(action: Action, host: HostCommands, signal: AbortSignal): Promise<Sight> {
    const known = this.live.state?.hosts[action.providerId];
    const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
    try {
      if (action.kind === 'cancel') {
        const isFollowed = known?.liveness?.state === 'connected';
        return { of: 'requests', inflight: isFollowed ? (known?.inflight ?? null) : null };
      }
      if (action.kind === 'profile') {
        const said = await host.profiles(options);
        return said.ok
          ? { of: 'profile', active: said.active }
          : { of: 'nothing', why: 'the host does not tell of profiles.', isFinal: true };
      }
      return { of: 'models', running: await host.running(options), models: known?.models ?? [] };
    } catch (error) {
      if (signal.aborted || !(error instanceof HostError)) throw error;
      return { of: 'nothing', why: error.message, isFinal: !error.isRetryable };
    }
  }
}

const ended = (judgement: ReturnType<typeof judge>): Ending =>
  judgement.do === 'end' ? judgement.ending : judgement.otherwise;
