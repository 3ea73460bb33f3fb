import { LogLineSchema, STREAM, subjects, type ControlLog, type LogSource } from '@boocontrol/contracts';
import { decodeJson, readAll, StreamFollower, type JetStreamSetup, type Log } from '@boocontrol/platform';
import { jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { handover, type Line } from './log-tail.js';
import type { ControlNamespace, Peer } from './peer.js';

/** Lines that came while a tail was being read; with more, it is read again. */
const MAX_HELD = 4_000;
const READ_AGAIN_MS = 500;

/** A tail being read for a member. */
interface Reading {
  held: Line[];
}

export interface LogRoomOptions {
  nc: NatsConnection;
  log: Log;
  setup: JetStreamSetup;
  nsp: ControlNamespace;
  providerId: string;
  source: LogSource;
}

/**
 * The lines of one log, for those who look at it. The stream is the tail: a member gets what the stream has, then,
 * from the very next sequence on, what comes. The log is read only while somebody is here.
 */
export class LogRoom {
  private readonly name: string;
  private readonly subject: string;
  private readonly follower: StreamFollower;
  private readonly members = new Map<string, Peer>();
  /** Members whose tail is not sent yet; the others are in the socket room. */
  private readonly readings = new Map<string, Reading>();
  private pending: Line[] = [];
  /** The last line that came; lines behind it will come. */
  private seq: number | null = null;

  constructor(private readonly options: LogRoomOptions) {
    const { nc, log, setup, providerId, source } = options;
    this.name = `log:${providerId}:${source}`;
    this.subject = subjects.log(providerId, source);
    this.follower = new StreamFollower({
      nc,
      log,
      stream: STREAM.logs,
      subjects: [this.subject],
      begin: (_jsm, { lastSeq }) => Promise.resolve(this.begin(lastSeq)),
      onMessage: (message) => this.take(message),
      onMissing: () => setup.ensure(),
    });
    this.follower.start();
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  add(peer: Peer): void {
    this.remove(peer);
    this.members.set(peer.id, peer);
    // Before the first `begin` nothing can be promised; it comes back to every member.
    if (this.seq !== null) this.startReading(peer);
  }

  remove(peer: Peer): void {
    if (!this.members.delete(peer.id)) return;
    this.readings.delete(peer.id);
    void peer.socket.leave(this.name);
  }

  stop(): Promise<void> {
    return this.follower.stop();
  }

  /** Sends what came since the last call. */
  flush(): void {
    if (this.pending.length === 0) return;
    this.options.nsp.to(this.name).emit('control_log', this.frame('lines', this.pending));
    this.pending = [];
  }

  /** At first, and again when the stream is another one: every member's tail starts over. */
  private begin(lastSeq: number): number {
    this.seq = lastSeq;
    this.pending = [];
    for (const peer of this.members.values()) {
      void peer.socket.leave(this.name);
      this.startReading(peer);
    }
    return lastSeq + 1;
  }

  private take(message: JsMsg): void {
    this.seq = message.seq;
    const line = toLine(message);
    if (line === null) return;
    this.pending.push(line);
    for (const { held } of this.readings.values()) if (held.length <= MAX_HELD) held.push(line);
  }

  private startReading(peer: Peer): void {
    const reading: Reading = { held: [] };
    this.readings.set(peer.id, reading);
    const isCurrent = (): boolean => this.readings.get(peer.id) === reading;
    // One tail at a time for each browser, and only when it has read the one before.
    void peer.inTurn(isCurrent, async () => {
      reading.held = [];
      try {
        const lines = await this.readTail();
        if (!isCurrent()) return;
        if (reading.held.length > MAX_HELD) this.startReading(peer);
        else this.goLive(peer, reading, lines);
      } catch (error) {
        this.options.log.warn(
          { err: error, room: this.name },
          'could not read the tail of a log, trying again',
        );
        setTimeout(() => isCurrent() && this.startReading(peer), READ_AGAIN_MS);
      }
    });
  }

  private goLive(peer: Peer, { held }: Reading, lines: readonly Line[]): void {
    const { tail, missed } = handover(lines, held, this.seq ?? 0);
    this.flush();
    this.readings.delete(peer.id);
    peer.socket.emit('control_log', this.frame('tail', tail));
    if (missed.length > 0) peer.socket.emit('control_log', this.frame('lines', missed));
    void peer.socket.join(this.name);
  }

  private async readTail(): Promise<Line[]> {
    const jsm = await jetstreamManager(this.options.nc, { checkAPI: false });
    const lines: Line[] = [];
    await readAll(jsm, STREAM.logs, [this.subject], { from: 'all' }, (message) => {
      const line = toLine(message);
      if (line !== null) lines.push(line);
    });
    return lines;
  }

  private frame(type: ControlLog['type'], lines: Line[]): ControlLog {
    const { providerId, source } = this.options;
    return { type, providerId, source, lines };
  }
}

function toLine(message: JsMsg): Line | null {
  const parsed = decodeJson(message.data, LogLineSchema);
  if (!parsed.ok) return null;
  const { at, line, cut, model } = parsed.value;
  return { at, line, cut, ...(model && { model }), seq: message.seq };
}
