import type { Provider } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { PublishError } from '@boocontrol/platform';
import { HostLogs } from '../logs/host-logs.js';
import { TAIL_LINES } from '../logs/log-pipe.js';
import { MissedEvents } from '../requests/missed-events.js';
import { RequestLog } from '../requests/request-log.js';
import { BadItems } from '../state/bad-items.js';
import type { Facts } from '../state/facts.js';
import type { HostLog } from '../state/host-log.js';
import { InflightState } from '../state/inflight-state.js';
import { LivenessState } from '../state/liveness.js';
import { ModelsState } from '../state/models-state.js';
import { PerfState } from '../state/perf-state.js';
import type { Timings } from '../timings.js';

/** What a connector knows of its host over all connections. It comes from the log and goes there; nothing else is kept. */
export class HostMemory {
  readonly requests: RequestLog;
  readonly liveness: LivenessState;
  readonly models: ModelsState;
  readonly inflight: InflightState;
  readonly perf: PerfState;
  readonly bad: BadItems;
  readonly missedEvents: MissedEvents;
  readonly logs: HostLogs;

  constructor(
    readonly provider: Provider,
    readonly facts: Facts,
    readonly hostLog: HostLog,
    readonly timings: Timings,
  ) {
    this.liveness = new LivenessState(facts, Date.now());
    this.requests = new RequestLog(facts, hostLog, this.liveness);
    this.models = new ModelsState(facts);
    this.inflight = new InflightState(facts, timings);
    this.perf = new PerfState(facts);
    this.bad = new BadItems(facts);
    this.missedEvents = new MissedEvents(timings.settleMs);
    this.logs = new HostLogs(facts);
  }

  /**
   * Reads all of it from the log.
   *
   * @throws what the bus throws
   */
  async recover(): Promise<void> {
    await this.requests.recover();
    this.models.recover(await this.hostLog.models());
    this.perf.recover(await this.hostLog.perfMarks());
    for (const source of ['proxy', 'upstream'] as const)
      this.logs.recover(source, await this.hostLog.logTail(source, TAIL_LINES));
    const lastHeardAt = await this.hostLog.lastHeardAt();
    if (lastHeardAt !== null) this.liveness.heard(instantToMs(lastHeardAt));
  }

  /** The bus was away and may have lost the end of the log: what it lost is stated again, whole values in any case. */
  async repeat(): Promise<void> {
    try {
      await this.requests.verify();
      await this.facts.restateEvents(this.hostLog);
    } catch (error) {
      const isEnd = error instanceof PublishError && error.code === 'closed';
      if (!isEnd)
        this.facts.log.warn({ err: error }, 'facts that the log may have lost cannot be stated again');
    }
    // After the changes: what follows from all of them has the last word.
    this.liveness.repeat();
    this.models.repeat();
    this.inflight.repeat();
  }
}
