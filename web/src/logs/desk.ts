import type { ControlLog } from '@boocontrol/contracts';
import { passes, type LogFilter } from './filters';
import { Keeper } from './keeper';
import type { Line } from './line';
import { BadPattern, patternMatcher, textMatcher, type Matcher } from './matcher';
import { rowsOf, type Mark, type Row } from './rows';
import { Sieve } from './sieve';

export interface LogView {
  /** The lines that pass the filter, with minutes and marks. */
  rows: readonly Row[];
  /** How many of them are lines. */
  shown: number;
  /** Lines of all logs that the page has. */
  kept: number;
  /** Lines that left the page because newer ones came. */
  dropped: number;
  /** Lines not yet held against the filter. */
  remaining: number;
  /** Models that lines were told to be of, in the order of their names. */
  models: readonly string[];
  isPaused: boolean;
  /** Lines of all logs that came since it was paused. */
  since: number;
  /** Why the text cannot be used as a pattern, for the end of a sentence: then nothing is left out by it. */
  problem: string | null;
}

interface Environment {
  now: () => number;
  /** Runs soon, when the page has time. */
  later: (run: () => void) => void;
}

/** A part of a frame's 16 ms. */
const STEP_MS = 6;
/** When a filter changes: what a hand takes as at once. */
const FIRST_STEP_MS = 40;
const MOST_MARKS = 100;

const all: Matcher = () => true;

/** What the page of logs shows: the lines that are kept, through the filter, live or held still. */
export function createLogDesk({ now, later }: Environment) {
  const keeper = new Keeper();
  const listeners = new Set<() => void>();
  /** While it is paused, what there was when it was. */
  let still: readonly Line[] | null = null;
  let cameBefore = 0;
  let marks: readonly Mark[] = [];
  const seen = new Set<string>();
  let models: readonly string[] = [];
  let filter: LogFilter | null = null;
  let matcher: Matcher = all;
  let problem: string | null = null;
  let sieve = new Sieve(() => true, []);
  let isDue = false;
  let view: LogView = {
    rows: [],
    shown: 0,
    kept: 0,
    dropped: 0,
    remaining: 0,
    models: [],
    isPaused: false,
    since: 0,
    problem: null,
  };

  const tell = (): void => {
    view = {
      rows: rowsOf(sieve.shown, marks),
      shown: sieve.shown.length,
      kept: keeper.all.length,
      dropped: keeper.dropped,
      remaining: sieve.remaining,
      models,
      isPaused: still !== null,
      since: still === null ? 0 : keeper.came - cameBefore,
      problem,
    };
    for (const listener of listeners) listener();
  };

  const step = (budgetMs: number): void => {
    try {
      sieve.step(budgetMs, now);
    } catch (error) {
      if (!(error instanceof BadPattern)) throw error;
      problem = error.message;
      matcher = all;
      begin();
      sieve.step(budgetMs, now);
    }
    if (sieve.remaining === 0 || isDue) return;
    isDue = true;
    later(() => {
      isDue = false;
      step(STEP_MS);
      tell();
    });
  };

  const begin = (): void => {
    const [current, matches] = [filter, matcher];
    sieve = new Sieve(
      (line) => (current === null || passes(line, current)) && matches(line.text),
      still ?? keeper.all,
    );
  };

  const restart = (): void => {
    begin();
    step(FIRST_STEP_MS);
    tell();
  };

  const put = (next: Matcher, wrong: string | null): void => {
    matcher = next;
    problem = wrong;
    restart();
  };

  const putPattern = async (wanted: LogFilter): Promise<void> => {
    let made: Matcher = all;
    let wrong: string | null = null;
    try {
      made = await patternMatcher(wanted.text, now);
    } catch (error) {
      wrong = error instanceof BadPattern ? error.message : 'the library for patterns did not come';
    }
    // Else another filter was set meanwhile.
    if (filter === wanted) put(made, wrong);
  };

  return {
    get: (): LogView => view,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hasTail: (providerId: string, source: ControlLog['source']): boolean =>
      keeper.hasTail(providerId, source),
    /** Frames of one moment. */
    take(frames: readonly ControlLog[]): void {
      const added = keeper.take(frames);
      for (const { model } of added) if (model) seen.add(model.id);
      if (seen.size > models.length) models = [...seen].toSorted();
      if (still === null) {
        sieve.prune();
        sieve.add(added);
        step(STEP_MS);
      }
      tell();
    },
    setFilter(next: LogFilter): void {
      filter = next;
      const { text, isPattern } = next;
      if (isPattern && text !== '') void putPattern(next);
      else put(text === '' ? all : textMatcher(text), null);
    },
    pause(): void {
      if (still !== null) return;
      still = keeper.all;
      cameBefore = keeper.came;
      tell();
    },
    follow(): void {
      if (still === null) return;
      still = null;
      restart();
    },
    /** A mark behind what is here now. */
    mark(atMs: number): void {
      const seq = keeper.all.at(-1)?.seq ?? 0;
      marks = [...marks, { seq, atMs }].slice(-MOST_MARKS);
      tell();
    },
  };
}
export type LogDesk = ReturnType<typeof createLogDesk>;
