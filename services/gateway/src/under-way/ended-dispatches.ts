import {
  isRouteSubject,
  RouteFactSchema,
  STREAM,
  subjects,
  type ControlDispatches,
} from '@boocontrol/contracts';
import { decodeJson, StreamFollower, type JetStreamSetup, type Log } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';

/** In one frame; nobody reads more in a quarter of a second. */
const MOST = 50;
const EVERY_MS = 250;

/** Requests to /v1 that end while somebody looks, through whichever gateway. What is not told is not read either. */
export class EndedDispatches {
  private readonly follower: StreamFollower;
  private waiting: Uint8Array[] = [];
  private missed = 0;
  private drainedAtMs = 0;

  constructor(
    nc: NatsConnection,
    private readonly log: Log,
    setup: JetStreamSetup,
  ) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.routes,
      subjects: [subjects.allRoutes],
      begin: (_jsm, { lastSeq }) => Promise.resolve(lastSeq + 1),
      onMessage: ({ data, subject }) => {
        if (!isRouteSubject(subject)) return;
        this.waiting.push(data);
        if (this.waiting.length <= MOST) return;
        this.waiting.shift();
        this.missed++;
      },
      onMissing: () => setup.ensure(),
    });
    this.follower.start();
  }

  stop(): Promise<void> {
    return this.follower.stop();
  }

  /** What came since the last call, at most four times a second; null: nothing. */
  drain(nowMs: number): ControlDispatches | null {
    if (this.waiting.length === 0 || nowMs - this.drainedAtMs < EVERY_MS) return null;
    const { waiting, missed } = this;
    this.waiting = [];
    this.missed = 0;
    this.drainedAtMs = nowMs;
    const dispatches = waiting.flatMap((data) => {
      const parsed = decodeJson(data, RouteFactSchema);
      if (parsed.ok) return [parsed.value];
      this.log.warn({ reason: parsed.reason }, 'ignored the record of a request');
      return [];
    });
    return { dispatches, missed };
  }
}
