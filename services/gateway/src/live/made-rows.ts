import { isRouteSubject, RouteFactSchema, STREAM, subjects, type ActivityRow } from '@boocontrol/contracts';
import { rowsOfDispatch } from '@boocontrol/fleet-model';
import { BUS, decodeJson, JetStreamSetup, LOG, StreamFollower, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';

/** In the text of a fact that rows are made of; of the others nothing is read. */
const MARKS = ['"providerKind":"openai"', '"providerKind":"boocontrol-gateway"'];

/**
 * Rows of activity of providers that tell of no requests themselves, from now on: made of ROUTES as fleet-state makes those
 * of the history, so that both have one key.
 */
@Injectable()
export class MadeRows implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private pending: ActivityRow[] = [];
  private readonly follower: StreamFollower;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.routes,
      subjects: [subjects.allRoutes],
      begin: (_jsm, { lastSeq }) => Promise.resolve(lastSeq + 1),
      onMessage: ({ data, seq, subject }) => {
        const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
        if (!isRouteSubject(subject) || !MARKS.some((mark) => bytes.includes(mark))) return;
        const parsed = decodeJson(data, RouteFactSchema);
        if (parsed.ok) this.pending.push(...rowsOfDispatch(parsed.value, seq));
        else log.warn({ subject, seq, reason: parsed.reason }, 'ignored the record of a request');
      },
      onMissing: () => setup.ensure(),
    });
  }

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }

  /** What came since the last call. */
  drain(): ActivityRow[] {
    const drained = this.pending;
    if (drained.length > 0) this.pending = [];
    return drained;
  }
}
