import { JobFactSchema, STREAM, subjects, type ControlJob } from '@boocontrol/contracts';
import { BUS, decodeJson, JetStreamSetup, LOG, StreamFollower, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';

/** Facts of our own jobs, from now on. */
@Injectable()
export class JobRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private pending: ControlJob['jobs'] = [];
  private readonly follower: StreamFollower;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.jobs,
      subjects: [subjects.allJobs],
      begin: (_jsm, { lastSeq }) => Promise.resolve(lastSeq + 1),
      onMessage: (message) => {
        const parsed = decodeJson(message.data, JobFactSchema);
        if (parsed.ok) this.pending.push({ ...parsed.value, seq: message.seq });
        else
          log.warn(
            { subject: message.subject, seq: message.seq, reason: parsed.reason },
            'ignored a job fact',
          );
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
  drain(): ControlJob['jobs'] {
    const drained = this.pending;
    if (drained.length > 0) this.pending = [];
    return drained;
  }
}
