import { JobFactSchema, STREAM, subjects, type ControlJob } from '@boocontrol/contracts';
import {
  BUS,
  decodeJson,
  JetStreamSetup,
  LOG,
  readAll,
  StreamFollower,
  type Log,
} from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { JobList } from './job-list.js';

/** Our own jobs: what has become of them, and their facts from now on for the browsers. */
@Injectable()
export class JobsLive implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private list: JobList | null = null;
  private pending: ControlJob['jobs'] = [];
  private readonly follower: StreamFollower;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
  ) {
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.jobs,
      subjects: [subjects.allJobs],
      begin: async (jsm, { lastSeq }) => {
        const list = new JobList();
        // The event is in the subject: the last fact of each is enough, however much progress was told.
        await readAll(jsm, STREAM.jobs, [subjects.allJobs], { from: 'last_per_subject' }, (message) => {
          const fact = this.read(message);
          if (fact !== null) list.add(fact, fact.seq);
        });
        this.list = list;
        return lastSeq + 1;
      },
      onMessage: (message) => {
        const fact = this.read(message);
        if (fact === null) return;
        this.list?.add(fact, fact.seq);
        this.pending.push(fact);
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

  /** null: the stream has not been read yet. */
  get jobs(): JobList | null {
    return this.list;
  }

  /** Facts that came since the last call. */
  drain(): ControlJob['jobs'] {
    const drained = this.pending;
    if (drained.length > 0) this.pending = [];
    return drained;
  }

  private read({ data, subject, seq }: JsMsg): ControlJob['jobs'][number] | null {
    const parsed = decodeJson(data, JobFactSchema);
    if (parsed.ok) return { ...parsed.value, seq };
    this.log.warn({ subject, seq, reason: parsed.reason }, 'ignored a job fact');
    return null;
  }
}
