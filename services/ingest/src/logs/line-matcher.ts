import { comparable } from '@boocontrol/llama-swap';
import { hash } from 'node:crypto';

/** So far apart two streams of one host may be, in milliseconds; what is further apart is at most probable. */
const APART_MS = 100;
/** A line waits so long for its model: until then both streams have told of it and of what else says the same. */
export const WAIT_MS = 2 * APART_MS;
/** What a model wrote and the log of all has not shown by then was cut there, or is not true. */
const KEPT_MS = 1_000;
/** Of each model; beyond, the oldest are forgotten. */
const KEPT_LINES = 1_000;
/** Lines that nobody wrote, as far as was told; beyond, the oldest are forgotten. */
const KEPT_MISSED = 1_000;

/** What a line is known by: short, however long the line. */
export const lineKey = (line: string): string => hash('sha1', comparable(line), 'base64');

interface Heard {
  key: string;
  atMs: number;
  isTaken: boolean;
}

/** Lines of one model that say the same and are not found yet, oldest first. */
interface Same {
  lines: Heard[];
  /** So many of them, the oldest, may have been found already and another line taken for them. */
  doubtful: number;
}

class ModelLines {
  private readonly lines: Heard[] = [];
  readonly byKey = new Map<string, Same>();

  add(key: string, atMs: number, isDoubtful: boolean): void {
    const heard: Heard = { key, atMs, isTaken: false };
    this.lines.push(heard);
    const same = this.byKey.get(key);
    if (same) same.lines.push(heard);
    else this.byKey.set(key, { lines: [heard], doubtful: 0 });
    if (isDoubtful) this.doubt(key);
    if (this.lines.length > KEPT_LINES) this.dropFirst();
  }

  doubt(key: string): void {
    const same = this.byKey.get(key);
    if (same) same.doubtful = same.lines.length;
  }

  take(key: string): void {
    const same = this.byKey.get(key);
    const heard = same?.lines.shift();
    if (!same || !heard) return;
    heard.isTaken = true;
    same.doubtful = Math.max(0, same.doubtful - 1);
    if (same.lines.length === 0) this.byKey.delete(key);
  }

  /** A model's lines come in the order in which the log of all has them: what is before this one is not found any more. */
  dropBefore(heard: Heard): void {
    while (this.lines[0] && this.lines[0] !== heard) this.dropFirst();
  }

  dropOlder(thanMs: number): void {
    while (this.lines[0] && this.lines[0].atMs < thanMs) this.dropFirst();
  }

  private dropFirst(): void {
    const first = this.lines.shift();
    // What says the same was heard later.
    if (first && !first.isTaken) this.take(first.key);
  }
}

/** Of which model a line is. */
export interface Match {
  model: string;
  /** Only this model wrote it, and nothing else that says the same is about. */
  isSure: boolean;
}

/**
 * Finds out which model wrote a line of the log of all models, by the logs of the single ones. Those may leave lines out;
 * the log of all has every line, and those of one model in their order. A line is surely a model's when that model
 * wrote it and no other, and the log of all does not say the same more often: then nothing that was left out can be meant.
 * Times are in milliseconds and never go back. What it remembers is bounded, whatever comes.
 */
export class LineMatcher {
  private readonly models = new Map<string, ModelLines>();
  /** How many lines that say the same wait. */
  private readonly waiting = new Map<string, number>();
  /** Lines that nobody had written when they had waited: who writes the same now is late, or it is another line. */
  private readonly missed = new Map<string, { count: number; atMs: number }>();

  /** A line of one model's own log. */
  heard(model: string, key: string, atMs: number): void {
    let lines = this.models.get(model);
    if (!lines) this.models.set(model, (lines = new ModelLines()));
    lines.add(key, atMs, this.wasMissed(key, atMs));
    lines.dropOlder(atMs - KEPT_MS);
  }

  /** The log of this model is read no longer. */
  forget(model: string): void {
    this.models.delete(model);
  }

  /** A line of the log of all begins to wait. */
  wait(key: string): void {
    this.waiting.set(key, (this.waiting.get(key) ?? 0) + 1);
  }

  /** It has waited, since `atMs`. In the order in which they came, each once; null: nobody wrote it. */
  settle(key: string, atMs: number, nowMs: number): Match | null {
    const expected = this.waiting.get(key) ?? 1;
    if (expected > 1) this.waiting.set(key, expected - 1);
    else this.waiting.delete(key);

    let match: { model: string; lines: ModelLines; same: Same; first: Heard } | null = null;
    let writers = 0;
    for (const [model, lines] of this.models) {
      lines.dropOlder(nowMs - KEPT_MS);
      const same = lines.byKey.get(key);
      const first = same?.lines[0];
      if (!same || !first) continue;
      writers++;
      if (!match || first.atMs < match.first.atMs) match = { model, lines, same, first };
    }
    if (!match) {
      this.miss(key, nowMs);
      return null;
    }
    const { model, lines, same, first } = match;
    const isSure =
      writers === 1 &&
      nowMs - atMs >= WAIT_MS &&
      Math.abs(first.atMs - atMs) <= APART_MS &&
      hasSure(same, expected, atMs + APART_MS);
    if (isSure) lines.dropBefore(first);
    if (writers > 1) for (const other of this.models.values()) other.doubt(key);
    lines.take(key);
    return { model, isSure };
  }

  private miss(key: string, atMs: number): void {
    const count = (this.missed.get(key)?.count ?? 0) + 1;
    // The newest at the end.
    this.missed.delete(key);
    this.missed.set(key, { count, atMs });
    const [oldest] = this.missed.keys();
    if (this.missed.size > KEPT_MISSED && oldest !== undefined) this.missed.delete(oldest);
  }

  private wasMissed(key: string, nowMs: number): boolean {
    const missed = this.missed.get(key);
    if (!missed) return false;
    if (missed.count === 1) this.missed.delete(key);
    else missed.count--;
    return nowMs - missed.atMs <= KEPT_MS;
  }
}

/** Whether there are as many lines without doubt as are expected, heard until then. */
function hasSure({ lines, doubtful }: Same, expected: number, untilMs: number): boolean {
  const last = lines[expected - 1];
  return doubtful === 0 && last !== undefined && last.atMs <= untilMs;
}
