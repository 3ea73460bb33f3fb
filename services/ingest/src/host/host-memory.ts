import { type Provider } from '@boocontrol/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { LogPipe, TAIL_LINES } from '../logs/log-pipe.js';
import { RequestLog } from '../requests/request-log.js';
import { BadItems } from '../state/bad-items.js';
import type { Facts } from '../state/facts.js';
import { HostLog } from '../state/host-log.js';
import { InflightState } from '../state/inflight-state.js';
import { LivenessState } from '../state/liveness.js';
import { ModelsState } from '../state/models-state.js';
import { PerfState } from '../state/perf-state.js';
import type { Timings } from '../timings.js';

/** What a connector knows of its host over all connections. It comes from the log and goes there; nothing else is kept. */
export class HostMemory {
  readonly hostLog: HostLog;
  readonly requests: RequestLog;
  readonly liveness: LivenessState;
  readonly models: ModelsState;
  readonly inflight: InflightState;
  readonly perf: PerfState;
  readonly bad: BadItems;
  readonly logs: { proxy: LogPipe; upstream: LogPipe };

  constructor(
    readonly provider: Provider,
    readonly facts: Facts,
    nc: NatsConnection,
    readonly timings: Timings,
  ) {
    this.hostLog = new HostLog(nc, provider.id);
    this.requests = new RequestLog(facts, this.hostLog);
    this.liveness = new LivenessState(facts, Date.now());
    this.models = new ModelsState(facts);
    this.inflight = new InflightState(facts, timings);
    this.perf = new PerfState(facts);
    this.bad = new BadItems(facts);
    this.logs = { proxy: new LogPipe(facts, 'proxy'), upstream: new LogPipe(facts, 'upstream') };
  }

  /** Reads all of it from the log; when the host was last heard, or null. Thrown: what the bus throws. */
  async recover(): Promise<string | null> {
    await this.requests.recover();
    this.models.recover(await this.hostLog.models());
    this.perf.recover(await this.hostLog.perfMarks());
    for (const source of ['proxy', 'upstream'] as const)
      this.logs[source].recover(await this.hostLog.logTail(source, TAIL_LINES));
    return this.hostLog.lastHeardAt();
  }

  /** The bus was away and may have lost the end of the log: whole values are stated again. */
  repeat(): void {
    this.liveness.repeat();
    this.models.repeat();
    this.inflight.repeat();
  }
}
