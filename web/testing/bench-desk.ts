import {
  BenchScheduleInputSchema,
  type BenchBaseline,
  type BenchCell,
  type BenchEstimate,
  type BenchSchedule,
  type BenchTarget,
  type ControlJob,
  type FleetState,
  type JobFact,
  type RerunCells,
  type Problem,
  type Suite,
} from '@boocontrol/contracts';
import { fits, instantFromMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { fastestOf, historyOf } from './bench-books.js';
import { atOnce, specsOf } from './bench-cells.js';
import { compared } from './bench-compare.js';
import {
  begin,
  contaminate,
  end,
  endedRun,
  measureCell,
  queuedRun,
  recount,
  runId,
  type MadeRun,
} from './bench-runs.js';
import { MadeSuites } from './bench-suites.js';

const isLeft = ({ state }: BenchCell): boolean => state === 'waiting' || state === 'running';
const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'interrupted']);
const PAGE = 50;

interface Around {
  fleet: () => FleetState;
  tell: (frame: ControlJob) => void;
}

/** The bench service and its worker in small: nothing runs by itself, a test says what happens next. */
export class MadeBench {
  /** Newest first. */
  runs: MadeRun[] = [];
  readonly suites: MadeSuites;
  baselines: BenchBaseline[] = [];
  schedules: BenchSchedule[] = [];
  /** Why a run is not begun without being confirmed; null: nothing speaks against it. */
  objection: Problem | null = null;
  /** Set: lists fail with it. */
  fails: { code: string; message: string } | null = null;
  private made = 5_000;
  private seq = 0;

  constructor(
    isHome: boolean,
    private readonly around: Around,
  ) {
    this.suites = new MadeSuites(Date.now(), isHome, () => this.runs);
  }

  answer(method: string, path: string, params: URLSearchParams, body: unknown): Answer {
    if (this.fails && method === 'GET') return refuse(503, this.fails.code, this.fails.message);
    const [, , what = '', id = '', verb] = path.split('/').map(decodeURIComponent);
    switch (what) {
      case 'suites':
        return this.suites.answer(method, id, verb, body);
      case 'estimate':
        return this.estimate(body);
      case 'runs':
        if (id === '') return method === 'POST' ? this.start(body) : this.list(params);
        return this.ofRun(method, id, verb, params, body);
      case 'baselines':
        return this.ofBaselines(method, params);
      case 'schedules':
        return this.ofSchedules(method, id, body);
      case 'history':
        return { status: 200, body: historyOf(this.runs, params, Date.now()) };
      case 'fastest':
        return { status: 200, body: fastestOf(this.runs) };
      case 'imports':
        return this.imported(body);
      case 'recorded-traffic':
        return this.recorded(body);
      default:
        return refuse(404, 'not_found', `Nothing is at ${path}.`);
    }
  }

  run(id: string): MadeRun {
    const found = this.runs.find(({ run }) => run.id === id);
    if (!found) throw new Error(`no run ${id}`);
    return found;
  }

  begin(id: string): void {
    begin(this.run(id), Date.now());
    this.tell(id, 'running', {});
  }

  /** A cell is under way. */
  work(id: string, index: number, figures: Record<string, number>): void {
    const made = this.run(id);
    made.cells = made.cells.map((cell) =>
      cell.index === index
        ? { ...cell, state: 'running', attempt: cell.attempt + 1, startedAt: instantFromMs(Date.now()) }
        : cell,
    );
    recount(made);
    this.tell(id, 'progress', { done: made.run.cellsDone, total: made.cells.length, cell: index, figures });
  }

  /** @param foreign who else asked meanwhile; null: nobody */
  endCell(id: string, index: number, foreign: string | null = null): void {
    const made = this.run(id);
    measureCell(made, index);
    if (foreign !== null) contaminate(made, index, foreign, Date.now());
    this.tell(id, 'cell', {
      index,
      cell: made.cells[index]?.name ?? '',
      state: foreign === null ? 'measured' : 'contaminated',
    });
  }

  end(id: string): void {
    const made = this.run(id);
    end(made, 'succeeded', Date.now());
    const { regressed } = compared(made, this.baselineOf(made).before, false);
    made.run = { ...made.run, regressed };
    this.tell(id, 'succeeded', {});
  }

  private tell(run: string, event: string, body: object): void {
    const { providerId } = this.run(run).run;
    const fact = { kind: 'bench', run, event, at: instantFromMs(Date.now()), providerId, body } as JobFact;
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
    return {
      status: 200,
      body: {
        open: shown.filter(({ state }) => !ENDED.has(state)),
        ended: ended.slice(from, to),
        nextCursor: to < ended.length ? String(to) : null,
      },
    };
  }

  private baselineOf(made: MadeRun): { before: MadeRun | null; chosen: boolean } {
    const { suiteName, providerId, model } = made.run;
    const same = (each: Pick<BenchBaseline, 'suiteName' | 'providerId' | 'model'>): boolean =>
      each.suiteName === suiteName && each.providerId === providerId && each.model === model;
    const set = this.baselines.find(same);
    const isOther = ({ run }: MadeRun): boolean => run.id !== made.run.id;
    const before = set
      ? this.runs.find(({ run }) => run.id === set.runId)
      : this.runs.find(
          (each) =>
            isOther(each) &&
            same(each.run) &&
            each.run.createdAt < made.run.createdAt &&
            each.run.state === 'succeeded' &&
            each.run.contaminated + each.run.polluted === 0,
        );
    return { before: before && isOther(before) ? before : null, chosen: set !== undefined };
  }

  private ofRun(
    method: string,
    id: string,
    verb: string | undefined,
    params: URLSearchParams,
    body: unknown,
  ): Answer {
    const made = this.runs.find(({ run }) => run.id === id);
    if (!made) return refuse(404, 'unknown_run', 'There is no such run.');
    const ok = (answer: unknown): Answer => ({ status: 200, body: answer });
    if (verb === 'samples') {
      const cell = params.get('cell');
      const all = made.samples.filter((sample) => cell === null || sample.cell === Number(cell));
      const from = Number(params.get('cursor') ?? 0);
      const to = from + Number(params.get('limit') ?? 200);
      return ok({ samples: all.slice(from, to), nextCursor: to < all.length ? String(to) : null });
    }
    if (verb === 'cancel') {
      if (ENDED.has(made.run.state)) return refuse(409, 'already_ended', 'It has ended already.');
      end(made, 'cancelled', Date.now());
      this.tell(id, 'cancelled', {});
      return ok(made.run);
    }
    if (verb === 'rerun') return this.rerun(made, body);
    if (verb === 'baseline') return this.setBaseline(made);
    if (verb === 'export') return ok({ run: made.run, cells: made.cells });
    if (method === 'DELETE') {
      if (!ENDED.has(made.run.state)) return refuse(409, 'not_ended', 'It has not ended.');
      if (this.baselines.some(({ runId: held }) => held === id))
        return refuse(409, 'is_baseline', 'Later runs are held against it.');
      this.runs = this.runs.filter((each) => each !== made);
      return { status: 204 };
    }
    const { samples: _1, speed: _2, ...detail } = made;
    const against = params.get('against');
    const { before, chosen } = against
      ? { before: this.runs.find(({ run }) => run.id === against) ?? null, chosen: true }
      : this.baselineOf(made);
    // Of a run that has ended only what was measured is told.
    const cells = ENDED.has(made.run.state) ? made.cells.filter((cell) => !isLeft(cell)) : made.cells;
    return ok({ ...detail, cells, comparison: compared(made, before, chosen) });
  }

  private rerun(made: MadeRun, body: unknown): Answer {
    const { cells = 'contaminated', confirm } = body as {
      cells?: RerunCells;
      confirm?: boolean;
    };
    if (this.objection && !confirm) return this.refused();
    made.cells = made.cells
      .map((cell) =>
        cells === 'unmeasured'
          ? isLeft(cell)
          : cells === 'contaminated'
            ? cell.contamination.length > 0
            : cells.includes(cell.index),
      )
      .map((again, i) => ({ again, cell: made.cells[i] }))
      .flatMap(({ again, cell }) => (cell ? [again ? { ...cell, state: 'waiting' as const } : cell] : []));
    made.run = { ...made.run, state: 'queued', endedAt: null };
    recount(made);
    this.tell(made.run.id, 'queued', {});
    return { status: 202, body: made.run };
  }

  private setBaseline(made: MadeRun): Answer {
    const { suiteName, providerId, model, id } = made.run;
    const set = { suiteName, providerId, model, runId: id, setBy: 'cockpit', at: instantFromMs(Date.now()) };
    this.baselines = [
      ...this.baselines.filter(
        (each) => each.suiteName !== suiteName || each.providerId !== providerId || each.model !== model,
      ),
      set,
    ];
    return { status: 200, body: set };
  }

  private ofBaselines(method: string, params: URLSearchParams): Answer {
    if (method === 'GET') return { status: 200, body: { baselines: this.baselines } };
    this.baselines = this.baselines.filter(
      (each) =>
        each.suiteName !== params.get('suiteName') ||
        each.providerId !== params.get('providerId') ||
        each.model !== params.get('model'),
    );
    return { status: 204 };
  }

  private suiteOf(suite: string | Suite): Suite | undefined {
    return typeof suite === 'string' ? this.suites.of(suite)?.suite : suite;
  }

  private targetsOf(suite: Suite, targets: readonly BenchTarget[] | undefined): BenchTarget[] {
    if (targets) return [...targets];
    return Object.values(this.around.fleet().hosts).flatMap(({ providerId, models }) =>
      models
        .filter(({ id }) =>
          suite.targets.some(({ provider, model }) => fits(provider, providerId) && fits(model, id)),
        )
        .map(({ id }) => ({ providerId, model: id })),
    );
  }

  private estimate(body: unknown): Answer {
    const asked = body as { suite: string | Suite; targets?: BenchTarget[] };
    const suite = this.suiteOf(asked.suite);
    if (!suite) return refuse(404, 'unknown_suite', 'There is no such suite.');
    const targets = this.targetsOf(suite, asked.targets);
    if (targets.length === 0)
      return refuse(409, 'nothing_to_measure', 'The suite names no model that is there.');
    const specs = specsOf(suite);
    const requests = specs.reduce((sum, spec) => sum + suite.repetitions * atOnce(spec), 0);
    const each = targets.map((target) => {
      const models = this.around.fleet().hosts[target.providerId]?.models ?? [];
      const loaded = models.filter(({ state }) => state === 'ready').map(({ id }) => id);
      const mustLoad = !loaded.includes(target.model);
      return {
        ...target,
        cells: specs.length,
        requests,
        seconds: specs.length * 21 + (mustLoad ? 30 : 0),
        from: 'runs' as const,
        mustLoad,
        unloads: mustLoad ? loaded : [],
        disturbs: this.objection ? ['opencode', 'open-webui'] : [],
        objection: this.objection,
      };
    });
    const estimate: BenchEstimate = {
      targets: each,
      seconds: Math.max(
        ...each.map(({ providerId }) =>
          each
            .filter((other) => other.providerId === providerId)
            .reduce((sum, { seconds }) => sum + seconds, 0),
        ),
      ),
    };
    return { status: 200, body: estimate };
  }

  private refused(): Answer {
    const { code = '', message = '', details } = this.objection ?? {};
    return refuse(409, code, message, details, { requiresConfirmation: true });
  }

  private start(body: unknown): Answer {
    const asked = body as { suite: string | Suite; targets?: BenchTarget[]; confirm?: boolean };
    const suite = this.suiteOf(asked.suite);
    if (!suite) return refuse(404, 'unknown_suite', 'There is no such suite.');
    const targets = this.targetsOf(suite, asked.targets);
    if (targets.length === 0)
      return refuse(409, 'nothing_to_measure', 'The suite names no model that is there.');
    if (this.objection && !asked.confirm) return this.refused();
    const made = targets.map((target) =>
      queuedRun({ n: ++this.made, suite, ...target, createdMs: Date.now() }),
    );
    this.runs.unshift(...made);
    for (const { run } of made) this.tell(run.id, 'queued', {});
    return { status: 202, body: { runs: made.map(({ run }) => run) } };
  }

  private ofSchedules(method: string, id: string, body: unknown): Answer {
    if (method === 'GET') return { status: 200, body: { schedules: this.schedules } };
    const others = this.schedules.filter((schedule) => schedule.id !== id);
    if (method === 'DELETE') {
      this.schedules = others;
      return { status: 204 };
    }
    const input = BenchScheduleInputSchema.safeParse(body);
    if (!input.success) return refuse(400, 'validation', 'The body is not valid.', []);
    const before = this.schedules.find((schedule) => schedule.id === id);
    const saved: BenchSchedule = {
      ...input.data,
      id: before?.id ?? runId(800_000 + ++this.made),
      nextAt: input.data.enabled ? instantFromMs(Date.now() + 6 * 3_600_000) : null,
      last: before?.last ?? null,
    };
    this.schedules = before
      ? this.schedules.map((each) => (each === before ? saved : each))
      : [...others, saved];
    return { status: before ? 200 : 201, body: saved };
  }

  private imported(body: unknown): Answer {
    const { output, ...target } = body as BenchTarget & { output: string };
    if (!output.trim().startsWith('['))
      return refuse(400, 'not_llama_bench', 'This is not what llama-bench printed.');
    const suite = this.suites.of('llama-bench')?.suite;
    if (!suite) return refuse(404, 'unknown_suite', 'There is no such suite.');
    const made = endedRun({ n: ++this.made, suite, ...target, createdMs: Date.now() });
    made.run = { ...made.run, kind: 'imported' };
    this.runs.unshift(made);
    return { status: 201, body: made.run };
  }

  private recorded(body: unknown): Answer {
    const { source } = body as { source: string };
    if (source === 'nobody')
      return refuse(404, 'nothing_recorded', 'Nobody of that name asked anything then.');
    const requests = Array.from({ length: 24 }, (_, i) => ({
      atMs: i * 2_500,
      promptTokens: 400 + 150 * (i % 7),
      outputTokens: 80 + 20 * (i % 5),
    }));
    const suite = {
      ...this.suites.of('chat')?.suite,
      name: `requests of ${source}`,
      description: `What ${source} asked`,
      promptTokens: [1_300],
      outputTokens: [160],
      repetitions: 1,
      load: { kind: 'replay', requests, speed: 1 },
    };
    return { status: 200, body: { suite, leftOut: 3 } };
  }
}
