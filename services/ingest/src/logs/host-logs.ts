import type { LogModel, LogSource } from '@boocontrol/contracts';
import type { HostLogLine, WireModel } from '@boocontrol/llama-swap';
import type { Facts } from '../state/facts.js';
import { LineMatcher, lineKey, WAIT_MS } from './line-matcher.js';
import { LogPipe, type Queued } from './log-pipe.js';
import { Writers } from './writers.js';

/** Lines that wait for their model; beyond, the oldest go on without. */
const WAITING_MAX = 2_000;

interface Waiting {
  source: LogSource;
  line: Queued;
  /** ms, by the clock that is never set. */
  sinceMs: number;
  /** What it is known by, while its model is looked for. */
  key: string | null;
}

/** llama-swap names the model first in lines about one: `[INFO] <qwen3> Health check passed`, a time before it where so configured. */
const NAMED = /^[^"<[]{0,64}\[(?:DEBUG|INFO|WARN|ERROR)\] <([^<>]{1,256})> /;

/**
 * Both logs of a host on their way to the bus, in the order in which their lines were read. A line of a model waits a moment
 * for the log of that model, read beside, to have it too; it goes on in any case.
 */
export class HostLogs {
  private readonly pipes: Readonly<Record<LogSource, LogPipe>>;
  private readonly matcher = new LineMatcher();
  readonly writers = new Writers();
  private readonly followed = new Set<string>();
  private readonly waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(facts: Facts) {
    this.pipes = { proxy: new LogPipe(facts, 'proxy'), upstream: new LogPipe(facts, 'upstream') };
  }

  /** @param tail the newest lines on the log, oldest first */
  recover(source: LogSource, tail: string[]): void {
    this.pipes[source].recover(tail);
  }

  /** A new connection: until live() the host repeats what it has. */
  connect(): void {
    this.pipes.proxy.connect();
    this.pipes.upstream.connect();
  }

  /** The host has sent its history. */
  live(): void {
    this.pipes.proxy.live();
    this.pipes.upstream.live();
  }

  /** The connection is over: what waits goes on. */
  disconnect(): void {
    this.release(true);
  }

  /** The host's newest list. */
  list(models: readonly WireModel[]): void {
    this.writers.list(models, performance.now());
  }

  /** The log of this model is read from now on. */
  follow(model: string): void {
    this.followed.add(model);
  }

  unfollow(model: string): void {
    this.followed.delete(model);
    this.matcher.forget(model);
  }

  /** Lines of a followed model's own log. */
  heard(model: string, lines: readonly HostLogLine[]): void {
    const nowMs = performance.now();
    for (const { line } of lines) this.matcher.heard(model, lineKey(line), nowMs);
  }

  /** A piece of one of the host's logs. @param atMs when it was read, Unix ms */
  push(source: LogSource, data: string, atMs: number): void {
    const sinceMs = performance.now();
    const pipe = this.pipes[source];
    const isMatched = source === 'upstream' && !pipe.repeats && this.followed.size > 0;
    const only = source === 'upstream' && !pipe.repeats && !isMatched ? this.only(sinceMs) : null;
    for (const line of pipe.read(data)) {
      const key = isMatched ? lineKey(line.line) : null;
      if (key !== null) this.matcher.wait(key);
      const model = source === 'proxy' ? named(line.line) : only;
      this.waiting.push({ source, line: { ...line, atMs, model }, sinceMs, key });
    }
    this.release();
  }

  /** Sends on what has waited long enough, and what waits behind nothing. */
  private release(isAll = false): void {
    const nowMs = performance.now();
    const excess = isAll ? this.waiting.length : this.waiting.length - WAITING_MAX;
    let count = 0;
    const ready: Record<LogSource, Queued[]> = { proxy: [], upstream: [] };
    for (const { source, line, sinceMs, key } of this.waiting) {
      if (key !== null) {
        if (count >= excess && nowMs - sinceMs < WAIT_MS) break;
        const match = this.matcher.settle(key, sinceMs, nowMs);
        line.model = match
          ? { id: match.model, by: match.isSure ? 'matched' : 'probable' }
          : this.only(nowMs);
      }
      ready[source].push(line);
      count++;
    }
    this.waiting.splice(0, count);
    this.pipes.proxy.put(ready.proxy);
    this.pipes.upstream.put(ready.upstream);
    if (this.timer !== null) clearTimeout(this.timer);
    const first = this.waiting[0];
    this.timer = first
      ? setTimeout(() => this.release(), Math.max(1, first.sinceMs + WAIT_MS - nowMs))
      : null;
  }

  /** The only model that runs, and no other did just now. */
  private only(nowMs: number): LogModel | null {
    const [id, another] = this.writers.now(nowMs);
    return id !== undefined && another === undefined ? { id, by: 'probable' } : null;
  }
}

function named(line: string): LogModel | null {
  const id = NAMED.exec(line)?.[1];
  return id === undefined ? null : { id, by: 'told' };
}
