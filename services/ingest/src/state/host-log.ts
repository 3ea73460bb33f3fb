import {
  FactSchemas,
  GapSchema,
  LivenessSchema,
  ModelChangedSchema,
  ModelsSchema,
  RequestSchema,
  STREAM,
  subjects,
  type FactKind,
  type Instant,
  type LogSource,
  type Model,
  type ModelChanged,
} from '@boocontrol/contracts';
import { changeModel, laterOf } from '@boocontrol/fleet-model';
import type { PerfMarks } from '@boocontrol/llama-swap';
import { decodeJson } from '@boocontrol/platform';
import { jetstream, jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';

const RequestMarkSchema = RequestSchema.pick({ entryId: true, ts: true, endedAt: true });
export interface RequestMark {
  /** null: no request of this host is on the log. */
  row: z.infer<typeof RequestMarkSchema> | null;
  /** Sequence of the newest request fact; 0 when there is none. */
  seq: number;
}

const LineSchema = z.object({ line: z.string() });
const RowsSchema = LivenessSchema.pick({ rowsCompleteUntil: true });
const SeenSchema = z.object({ at: z.string(), lastSeenAt: z.string().nullish() });
/** Facts that are only stated when the host was heard. */
const HEARD_KINDS: readonly FactKind[] = ['perf', 'request', 'models', 'model-changed'];

/** What the log has of one host. Ingest has no other memory. */
export class HostLog {
  private jsm: JetStreamManager | undefined;

  constructor(
    private readonly nc: NatsConnection,
    private readonly providerId: string,
  ) {}

  async newestRequest(): Promise<RequestMark> {
    const message = await this.newest('request');
    if (message === null) return { row: null, seq: 0 };
    return { row: parse(message, RequestMarkSchema), seq: message.seq };
  }

  /** The models as last stated, with the changes that were stated after them; null when the host was never seen. */
  async models(): Promise<Model[] | null> {
    const message = await this.newest('models');
    const stated = message && parse(message, ModelsSchema);
    const changes: ModelChanged[] = [];
    const subject = subjects.fact(this.providerId, 'model-changed');
    for (let seq = (message?.seq ?? 0) + 1; ;) {
      const next = await this.get({ seq, next_by_subj: subject });
      if (next === null) break;
      const change = parse(next, ModelChangedSchema);
      if (change !== null) changes.push(change);
      seq = next.seq + 1;
    }
    return stated === null && changes.length === 0 ? null : changes.reduce(changeModel, stated?.models ?? []);
  }

  async perfMarks(): Promise<PerfMarks> {
    const message = await this.newest('perf');
    const perf = message && parse(message, FactSchemas.perf);
    return { gpuTs: perf?.gpuTs ?? null, sysTs: perf?.sysTs ?? null };
  }

  /** When the host was last heard, as far as its facts tell; null when never. */
  async lastHeardAt(): Promise<Instant | null> {
    let latest: Instant | null = null;
    for (const kind of ['liveness', ...HEARD_KINDS] as const) {
      const message = await this.newest(kind);
      const seen = message && parse(message, SeenSchema);
      const at = kind === 'liveness' ? seen?.lastSeenAt : seen?.at;
      if (at) latest = latest === null ? at : laterOf(latest, at);
    }
    return latest;
  }

  /** Until when all rows of the host are on the log, or covered by a gap, as far as was stated; null when it was not. */
  async rowsCompleteUntil(): Promise<Instant | null> {
    const liveness = await this.newest('liveness');
    const until = (liveness && parse(liveness, RowsSchema)?.rowsCompleteUntil) ?? null;
    const message = await this.newest('gap');
    const gap = message && parse(message, GapSchema);
    if (gap?.reason !== 'host_restarted') return until;
    return until === null ? gap.toTs : laterOf(until, gap.toTs);
  }

  /** The newest lines of a log, oldest first, at most `count`. */
  async logTail(source: LogSource, count: number): Promise<string[]> {
    const subject = subjects.log(this.providerId, source);
    const jsm = await this.manager();
    // One question for most hosts; a consumer costs the bus more.
    if ((await jsm.streams.getMessage(STREAM.logs, { last_by_subj: subject })) === null) return [];
    const consumer = await jetstream(this.nc).consumers.get(STREAM.logs, { filter_subjects: [subject] });
    const { num_pending: stored } = await consumer.info(true);
    const lines: string[] = [];
    if (stored === 0) return lines;
    const messages = await consumer.fetch({ max_messages: stored, expires: 5_000 });
    for await (const message of messages) {
      const line = decodeJson(message.data, LineSchema);
      if (line.ok) lines.push(line.value.line);
      if (message.info.pending === 0) break;
    }
    return lines.slice(-count);
  }

  /** Whether the fact that was acknowledged at this sequence is still there. A log that was made anew counts again. */
  async holds(seq: number, msgId: string): Promise<boolean> {
    const message = await (await this.manager()).streams.getMessage(STREAM.fleet, { seq });
    return message?.header.get('Nats-Msg-Id') === msgId;
  }

  private newest(kind: FactKind): Promise<StoredMsg | null> {
    return this.get({ last_by_subj: subjects.fact(this.providerId, kind) });
  }

  /** From the leader, not from a replica that may lag. */
  private async get(
    query: { last_by_subj: string } | { seq: number; next_by_subj: string },
  ): Promise<StoredMsg | null> {
    return (await this.manager()).streams.getMessage(STREAM.fleet, query);
  }

  private async manager(): Promise<JetStreamManager> {
    return (this.jsm ??= await jetstreamManager(this.nc, { checkAPI: false }));
  }
}

function parse<T>(message: StoredMsg, schema: z.ZodType<T>): T | null {
  const decoded = decodeJson(message.data, schema);
  return decoded.ok ? decoded.value : null;
}
