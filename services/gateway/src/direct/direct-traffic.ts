import type { Request } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { LiveFleet } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DispatchRecorder } from '../dispatches/dispatch-recorder.js';
import { InferenceArea } from '../v1/inference-area.js';
import { DirectRows } from './direct-rows.js';

const SETTLE_EVERY_MS = 1_000;

/**
 * Tells of requests that hosts got from elsewhere, and not through this gateway's /v1, by the hosts' own rows: those that ended
 * while this process runs, each once, as soon as that is known. What ended before is history, which the tables have.
 */
@Injectable()
export class DirectTraffic implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly startedMs = Date.now();
  private readonly rows = new DirectRows();
  private readonly listeners: ((row: Request) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private forget: () => void = () => undefined;

  constructor(
    @Inject(LiveFleet) private readonly fleet: LiveFleet,
    @Inject(DispatchRecorder) private readonly recorder: DispatchRecorder,
    @Inject(InferenceArea) private readonly area: InferenceArea,
  ) {}

  onApplicationBootstrap(): void {
    this.recorder.onRecord((fact) => this.rows.noteRouted(fact));
    this.forget = this.fleet.onFact((fact) => {
      if (fact.kind === 'request' && instantToMs(fact.body.endedAt) >= this.startedMs)
        this.rows.noteRow(fact.body, Date.now());
    });
    this.timer = setInterval(() => this.settle(Date.now()), SETTLE_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.forget();
    clearInterval(this.timer);
  }

  /** Is told of each, in the order of the log as far as that can be. It must not throw. */
  onRow(listener: (row: Request) => void): void {
    this.listeners.push(listener);
  }

  private settle(nowMs: number): void {
    if (!this.rows.hasWaiting) return;
    const { underWay } = this.area;
    for (const routed of underWay.routed()) this.rows.noteRouted(routed);
    for (const row of this.rows.take(nowMs, (id) => underWay.has(id)))
      for (const listener of this.listeners) listener(row);
  }
}
