import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { fromAckError, PublishError } from './publish-error.js';

export interface PublishOptions {
  /** Nats-Msg-Id: the stream keeps one message an id within its duplicate window. Without it a retry may double. */
  msgId?: string;
  /** Store only if this is the subject's newest sequence (0: none yet). */
  expectLastSubjectSeq?: number;
  headers?: Readonly<Record<string, string>>;
}

export interface PublishAck {
  stream: string;
  seq: number;
  /** The stream had this msgId already; `seq` is then the earlier message's. */
  duplicate: boolean;
}

/** The headers for these options; undefined when none are needed (a message without headers is cheaper). */
export function publishHeaders({
  msgId,
  expectLastSubjectSeq,
  headers: extra,
}: PublishOptions): { headers: MsgHdrs } | undefined {
  if (msgId === undefined && expectLastSubjectSeq === undefined && extra === undefined) return undefined;
  const all = headers();
  if (extra !== undefined) for (const [name, value] of Object.entries(extra)) all.append(name, value);
  if (msgId !== undefined) all.append('Nats-Msg-Id', msgId);
  if (expectLastSubjectSeq !== undefined) {
    all.append('Nats-Expected-Last-Subject-Sequence', String(expectLastSubjectSeq));
  }
  return { headers: all };
}

interface RawAck {
  stream?: string;
  seq?: number;
  duplicate?: boolean;
  error?: { err_code?: number; description?: string };
}

const decoder = new TextDecoder();

/** Reads the server's answer to a publish. Thrown: PublishError, for whatever is no acknowledgement. */
export function parseAck(subject: string, msg: Msg): PublishAck {
  // An empty message with status 503 is the server's "no responders": no stream listens on the subject.
  if (msg.data.length === 0 && msg.headers?.code === 503) {
    throw new PublishError('no_stream', subject, 'No stream takes this subject');
  }
  const ack = parseJson(subject, msg);
  if (ack.error !== undefined) throw fromAckError(subject, ack.error);
  if (typeof ack.stream !== 'string' || typeof ack.seq !== 'number') {
    throw new PublishError('rejected', subject, 'Something that is no stream answered');
  }
  return { stream: ack.stream, seq: ack.seq, duplicate: ack.duplicate === true };
}

function parseJson(subject: string, msg: Msg): RawAck {
  try {
    return JSON.parse(decoder.decode(msg.data)) as RawAck;
  } catch (cause) {
    throw new PublishError('rejected', subject, 'The acknowledgement is not JSON', undefined, { cause });
  }
}
