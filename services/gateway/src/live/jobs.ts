import { JobFactSchema, STREAM, STREAMS, subjects, type ControlJob } from '@boocontrol/contracts';
import { decode, ensureStreams, type Log, StreamFollower } from '@boocontrol/platform';
import type { NatsConnection } from '@nats-io/transport-node';

/** Facts of our own jobs, from now on. */
export class JobRelay {
  private pending: ControlJob['jobs'] = [];
  private readonly follower: StreamFollower;

  constructor(nc: NatsConnection, log: Log) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.jobs,
      subjects: [subjects.allJobs],
      begin: (_jsm, { lastSeq }) => Promise.resolve(lastSeq + 1),
      onMessage: (message) => {
        const parsed = decode(message, JobFactSchema);
        if (parsed.ok) this.pending.push({ ...parsed.value, seq: message.seq });
        else
          log.warn(
            { subject: message.subject, seq: message.seq, reason: parsed.reason },
            'ignored a job fact',
          );
      },
      onMissing: () => ensureStreams(nc, STREAMS),
    });
    this.follower.start();
  }

  stop(): Promise<void> {
    return this.follower.stop();
  }

  /** What came since the last call. */
  drain(): ControlJob['jobs'] {
    const drained = this.pending;
    if (drained.length > 0) this.pending = [];
    return drained;
  }
}
