import type {
  BenchTarget,
  ControlJob,
  EvalOutcome,
  EvalRunEstimate,
  EvalSandboxes,
  EvalSuite,
  FleetState,
  JobFact,
  Leaderboard,
  Problem,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { boardOf, comparedEvals, scoresOf } from './eval-board.js';
import { MadeEvalSuites } from './eval-books.js';
import {
  beginEval,
  endEval,
  queuedEval,
  recountEval,
  sampleKey,
  settleSample,
  type MadeEval,
} from './eval-runs.js';
import { wholeSample } from './eval-samples.js';

const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'interrupted']);
const PAGE = 50;
const ok = (body: unknown, status = 200): Answer => ({ status, body });

interface Around {
  fleet: () => FleetState;
  tell: (frame: ControlJob) => void;
}
interface Asked {
  suite: string;
  hash?: string;
  targets: BenchTarget[];
  samples?: number;
  items?: string[];
  sampler?: Partial<EvalSuite['sampler']>;
  concurrency?: number;
  confirm?: boolean;
}

/** The evals service and its worker in small: nothing runs by itself, a test says what happens next. */
export class MadeEvals {
  /** Newest first. */
  runs: MadeEval[] = [];
  readonly suites: MadeEvalSuites;
  /** Why a run is not begun without being confirmed; null: nothing speaks against it. */
  objection: Problem | null = null;
  sandboxes: EvalSandboxes = {
    usable: ['bubblewrap'],
    refused: [{ name: 'docker', reason: 'Its daemon does not answer on this machine.' }],
  };
  /** Set: GET fails with it. */
  fails: { code: string; message: string } | null = null;
  private made = 5_000;
  private seq = 0;

  constructor(
    isHome: boolean,
    private readonly around: Around,
  ) {
    this.suites = new MadeEvalSuites(Date.now(), isHome, () => this.runs);
  }

  board(params = new URLSearchParams()): Leaderboard {
    return boardOf(this.runs, this.suites.hashes, this.around.fleet(), params);
  }

  /** GET /routing/scores. */
  get scores(): Answer {
    return ok({ scores: scoresOf(this.board()) });
  }

  answer(method: string, path: string, params: URLSearchParams, body: unknown): Answer {
    if (this.fails && method === 'GET') return refuse(503, this.fails.code, this.fails.message);
    const [, , what = '', id = '', ...rest] = path.split('/').map(decodeURIComponent);
    switch (what) {
      case 'suites':
        return this.suites.answer(method, id, rest[0], params, body);
      case 'estimate':
        return this.estimate(body as Asked);
      case 'runs':
        if (id === '') return method === 'POST' ? this.start(body as Asked) : this.list(params);
        return this.ofRun(method, id, rest.join('/'), params, body);
      case 'leaderboard':
        return ok(this.board(params));
      case 'compare':
        return this.compare(params.get('a') ?? '', params.get('b') ?? '');
      case 'sandboxes':
        return ok(this.sandboxes);
      default:
        return refuse(404, 'not_found', `Nothing is at ${path}.`);
    }
  }

  run(id: string): MadeEval {
    const found = this.runs.find(({ run }) => run.id === id);
    if (!found) throw new Error(`no run ${id}`);
    return found;
  }

  begin(id: string): void {
    beginEval(this.run(id), Date.now());
    this.tell(id, 'running', {});
  }

  /** A sample is being asked or graded. */
  work(id: string, item: string, sample: number, state: 'asking' | 'grading'): void {
    const made = this.run(id);
    made.items = made.items.map((each) =>
      each.item === item
        ? { ...each, samples: each.samples.map((one) => (one.sample === sample ? { ...one, state } : one)) }
        : each,
    );
    this.progress(made);
  }

  /** A sample has its outcome. */
  settle(id: string, item: string, sample: number, outcome: EvalOutcome, foreign = false): void {
    const made = this.run(id);
    settleSample(made, item, sample, outcome, foreign);
    recountEval(made);
    this.progress(made);
  }

  end(id: string): void {
    endEval(this.run(id), 'succeeded', Date.now());
    this.tell(id, 'succeeded', {});
  }

  private progress({ run: { id, done, total, outcomes } }: MadeEval): void {
    this.tell(id, 'progress', { done, total, outcomes });
  }

  private tell(run: string, event: string, body: object): void {
    const { providerId } = this.run(run).run;
    const fact = { kind: 'eval', run, event, at: instantFromMs(Date.now()), providerId, body } as JobFact;
    this.around.tell({ jobs: [{ ...fact, seq: ++this.seq }] } as ControlJob);
  }

  private list(params: URLSearchParams): Answer {
    const is = (name: string, value: string): boolean => (params.get(name) ?? value) === value;
    const shown = this.runs
      .map(({ run }) => run)
      .filter(
        (run) =>
          is('providerId', run.providerId) &&
          is('model', run.model) &&
          is('suite', run.suiteName) &&
          is('state', run.state),
      );
    const ended = shown.filter(({ state }) => ENDED.has(state));
    const from = Number(params.get('cursor') ?? 0);
    const to = from + Number(params.get('limit') ?? PAGE);
    return ok({
      open: shown.filter(({ state }) => !ENDED.has(state)),
      ended: ended.slice(from, to),
      nextCursor: to < ended.length ? String(to) : null,
    });
  }

  private ofRun(method: string, id: string, verb: string, params: URLSearchParams, body: unknown): Answer {
    const made = this.runs.find(({ run }) => run.id === id);
    if (!made) return refuse(404, 'unknown_run', 'There is no such run.');
    switch (verb) {
      case 'samples':
        return this.samples(made, params);
      case 'samples/one': {
        const found = wholeSample(made, params.get('item') ?? '', Number(params.get('sample')));
        return found ? ok(found) : refuse(404, 'unknown_sample', 'There is no such sample yet.');
      }
      case 'samples/one/regrade':
        return this.regrade(made, params.get('item') ?? '', Number(params.get('sample')));
      case 'cancel':
        if (ENDED.has(made.run.state)) return refuse(409, 'already_ended', 'It has ended already.');
        endEval(made, 'cancelled', Date.now());
        this.tell(id, 'cancelled', {});
        return ok(made.run);
      case 'resume':
        if (this.objection && !(body as { confirm?: boolean } | null)?.confirm) return this.refused();
        made.run = {
          ...made.run,
          state: 'queued',
          endedAt: null,
          reason: null,
          version: made.run.version + 1,
        };
        this.tell(id, 'queued', {});
        return ok(made.run, 202);
    }
    if (method === 'DELETE') {
      if (!ENDED.has(made.run.state)) return refuse(409, 'not_ended', 'It has not ended.');
      this.runs = this.runs.filter((each) => each !== made);
      return { status: 204 };
    }
    const { run, items, fingerprint, contamination } = made;
    return ok({ run, fingerprint, contamination, items, nextCursor: null });
  }

  private samples(made: MadeEval, params: URLSearchParams): Answer {
    const order = new Map(made.items.map(({ item }, i) => [item, i]));
    const [outcome, item] = [params.get('outcome'), params.get('item')];
    const all = made.samples
      .filter((each) => (outcome ?? each.outcome) === each.outcome && (item ?? each.item) === each.item)
      .toSorted((a, b) => (order.get(a.item) ?? 0) - (order.get(b.item) ?? 0) || a.sample - b.sample);
    const from = Number(params.get('cursor') ?? 0);
    const to = from + Number(params.get('limit') ?? 200);
    return ok({ samples: all.slice(from, to), nextCursor: to < all.length ? String(to) : null });
  }

  private regrade(made: MadeEval, item: string, sample: number): Answer {
    if (!ENDED.has(made.run.state)) return refuse(409, 'not_ended', 'It is still going on.');
    const before = made.samples.find((each) => each.item === item && each.sample === sample);
    if (!before) return refuse(404, 'unknown_sample', 'There is no such sample.');
    settleSample(made, item, sample, before.outcome === 'harness_error' ? 'passed' : before.outcome);
    recountEval(made);
    made.regraded.set(sampleKey(item, sample), { at: instantFromMs(Date.now()), was: before.outcome });
    return ok(wholeSample(made, item, sample));
  }

  private compare(a: string, b: string): Answer {
    const [left, right] = [a, b].map((id) => this.runs.find(({ run }) => run.id === id));
    if (!left || !right) return refuse(404, 'unknown_run', 'There is no such run.');
    if (left.run.suiteHash !== right.run.suiteHash)
      return refuse(409, 'not_comparable', 'They were asked different versions of a suite.');
    return ok(comparedEvals(left, right));
  }

  private estimate(asked: Asked): Answer {
    const found = this.suites.find(asked.suite, asked.hash);
    if (!found) return refuse(404, 'unknown_suite', 'There is no such suite.');
    const items = asked.items?.length ?? found.suite.items.length - found.retired.size;
    const samples = items * (asked.samples ?? found.suite.samples);
    const targets = asked.targets.map((target): EvalRunEstimate['targets'][number] => {
      const models = this.around.fleet().hosts[target.providerId]?.models ?? [];
      const mustLoad = !models.some(({ id, state }) => id === target.model && state === 'ready');
      return {
        ...target,
        samples,
        seconds: samples * 4 + (mustLoad ? 30 : 0),
        from: 'runs',
        mustLoad,
        disturbs: this.objection ? ['opencode', 'open-webui'] : [],
        objection: this.objection,
      };
    });
    const estimate: EvalRunEstimate = {
      targets,
      seconds: Math.max(...targets.map(({ seconds }) => seconds)),
    };
    return ok(estimate);
  }

  private refused(): Answer {
    const { code = '', message = '', details } = this.objection ?? {};
    return refuse(409, code, message, details, { requiresConfirmation: true });
  }

  private start(asked: Asked): Answer {
    const found = this.suites.find(asked.suite, asked.hash);
    if (!found) return refuse(404, 'unknown_suite', 'There is no such suite.');
    const { suite } = found;
    if (suite.items.some(({ kind }) => kind === 'coding') && this.sandboxes.usable.length === 0)
      return refuse(409, 'no_sandbox', 'Code of models is run nowhere on this machine.');
    if (this.objection && !asked.confirm) return this.refused();
    const made = asked.targets.map((target) =>
      queuedEval({
        n: ++this.made,
        suite,
        ...target,
        createdMs: Date.now(),
        ...(asked.samples === undefined ? {} : { k: asked.samples }),
        ...(asked.items === undefined ? {} : { items: asked.items }),
        ...(asked.sampler === undefined ? {} : { sampler: asked.sampler }),
        concurrency: asked.concurrency ?? 1,
      }),
    );
    this.runs.unshift(...made);
    for (const { run } of made) this.tell(run.id, 'queued', {});
    return ok({ runs: made.map(({ run }) => run) }, 202);
  }
}
