import {
  EvalSuiteSchema,
  type EvalSuite,
  type EvalSuiteCheck,
  type EvalSuiteDetail,
  type EvalSuiteHead,
  type EvalItem,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { evalHash, type MadeEval } from './eval-runs.js';
import { BUILTIN_EVALS, HOUSE_STYLE, TEAM_CHECKS } from './eval-suites.js';

type Retired = EvalSuiteDetail['retired'][number];
interface Version {
  suite: EvalSuite;
  hash: string;
  atMs: number;
}
interface Kept {
  origin: EvalSuiteHead['origin'];
  /** Newest first. */
  versions: Version[];
  retired: Retired[];
}

/** As if its references had been tried: those pass, and of items called `…-easy-to-fool` the wrong solution does so too. */
function checkedOf(origin: Kept['origin'], { items }: EvalSuite): EvalSuiteCheck | null {
  if (origin === 'builtin') return null;
  const solutions = items.flatMap((item) =>
    item.kind === 'long-context' ? [] : [item.reference, item.wrong].filter((each) => each !== undefined),
  );
  const faults = items
    .filter(({ id }) => id.endsWith('-easy-to-fool'))
    .map(({ id }) => ({
      ...{ item: id, solution: 'wrong' as const },
      message: 'The wrong solution passes, so the rules or tests cannot tell it from a right one.',
    }));
  return {
    ...{ at: instantFromMs(Date.now()), tried: solutions.length, total: solutions.length, faults },
    ...{ leftOut: 0, reason: null },
  };
}

const ok = (body: unknown, status = 200): Answer => ({ status, body });

/** Suites of a made-up evals service, with all their versions. */
export class MadeEvalSuites {
  private readonly kept = new Map<string, Kept>();
  problems: { file: string; message: string }[] = [];

  constructor(
    nowMs: number,
    isHome: boolean,
    private readonly runs: () => readonly MadeEval[],
  ) {
    for (const suite of BUILTIN_EVALS) this.put(suite, 'builtin', nowMs - 1e9);
    if (!isHome) return;
    this.put(HOUSE_STYLE, 'file', nowMs - 4e8);
    this.put({ ...TEAM_CHECKS, items: TEAM_CHECKS.items.slice(0, 4) }, 'stored', nowMs - 3e8);
    this.put(TEAM_CHECKS, 'stored', nowMs - 1e8);
    this.problems = [{ file: 'broken.yaml', message: 'line 12: items.3: “chekcs” is not known' }];
  }

  find(name: string, hash?: string | null): { suite: EvalSuite; hash: string; retired: Set<string> } | null {
    const kept = this.kept.get(name);
    const found = hash ? kept?.versions.find((each) => each.hash === hash) : kept?.versions[0];
    return kept && found ? { ...found, retired: new Set(kept.retired.map(({ item }) => item)) } : null;
  }

  get hashes(): Map<string, string> {
    return new Map([...this.kept].map(([name, { versions }]) => [name, versions[0]?.hash ?? '']));
  }

  answer(
    method: string,
    name: string,
    verb: string | undefined,
    params: URLSearchParams,
    body: unknown,
  ): Answer {
    if (name === '')
      return ok({
        suites: [...this.kept.keys()].toSorted().flatMap((each) => this.headOf(each) ?? []),
        problems: this.problems,
        nextCursor: null,
      });
    if (name === 'import') return this.imported(body);
    if (method === 'PUT') return this.save(name, body);
    const kept = this.kept.get(name);
    if (!kept) return refuse(404, 'unknown_suite', `There is no suite “${name}”.`);
    if (verb === 'retire') return this.retire(name, kept, body);
    if (method === 'DELETE') {
      if (kept.origin !== 'stored')
        return refuse(
          409,
          'built_in',
          `“${name}” came with the program or is a file, so it is not removed here.`,
        );
      if (this.runsOf(name).length > 0)
        return refuse(409, 'suite_in_use', `“${name}” has runs; remove those first.`);
      this.kept.delete(name);
      return { status: 204 };
    }
    const found = this.find(name, params.get('hash'));
    const head = this.headOf(name, params.get('hash'));
    if (!found || !head) return refuse(404, 'unknown_suite', `“${name}” has no such version.`);
    const detail: EvalSuiteDetail = {
      head,
      suite: found.suite,
      versions: kept.versions.map(({ hash, atMs }) => ({
        hash,
        at: instantFromMs(atMs),
        runs: this.runsOf(name, hash).length,
      })),
      retired: kept.retired,
      check: checkedOf(kept.origin, found.suite),
    };
    return ok(detail);
  }

  private runsOf(name: string, hash?: string): readonly MadeEval[] {
    return this.runs().filter(
      ({ run }) => run.suiteName === name && (hash ?? run.suiteHash) === run.suiteHash,
    );
  }

  private put(suite: EvalSuite, origin: Kept['origin'], atMs: number): void {
    const version = { suite, hash: evalHash(suite), atMs };
    const before = this.kept.get(suite.name);
    const others = before?.versions.filter(({ hash }) => hash !== version.hash) ?? [];
    this.kept.set(suite.name, { origin, versions: [version, ...others], retired: before?.retired ?? [] });
  }

  private headOf(name: string, wanted?: string | null): EvalSuiteHead | null {
    const kept = this.kept.get(name);
    const found = wanted ? kept?.versions.find(({ hash }) => hash === wanted) : kept?.versions[0];
    if (!kept || !found) return null;
    const { suite, hash, atMs } = found;
    const { title, description, category, licence, samples, items } = suite;
    return {
      name,
      hash,
      origin: kept.origin,
      title,
      description,
      category,
      licence,
      samples,
      items: items.length,
      kinds: [...new Set(items.map(({ kind }) => kind))],
      retired: kept.retired.map(({ item }) => item),
      at: instantFromMs(atMs),
      runs: this.runsOf(name, hash).length,
      faults: checkedOf(kept.origin, suite)?.faults.length ?? null,
    };
  }

  private save(name: string, body: unknown): Answer {
    const { suite, ifHash } = body as { suite: unknown; ifHash?: string | null };
    const parsed = EvalSuiteSchema.safeParse(suite);
    if (!parsed.success) return refuse(400, 'validation', 'The body is not valid.', []);
    const before = this.kept.get(name);
    if (before?.origin === 'file')
      return refuse(409, 'suite_from_file', `“${name}” is a file of the data folder; it is changed there.`);
    if (ifHash !== undefined && ifHash !== (before?.versions[0]?.hash ?? null))
      return refuse(409, 'suite_changed', `“${name}” was changed by somebody else in the meantime.`);
    this.put({ ...parsed.data, name }, before?.origin ?? 'stored', Date.now());
    return ok(this.headOf(name));
  }

  private retire(name: string, kept: Kept, body: unknown): Answer {
    const { item, reason } = body as { item: string; reason: string | null };
    if (!kept.versions[0]?.suite.items.some(({ id }) => id === item))
      return refuse(404, 'unknown_item', `“${name}” has no item “${item}”.`);
    const others = kept.retired.filter((each) => each.item !== item);
    kept.retired =
      reason === null ? others : [...others, { item, reason, by: 'cockpit', at: instantFromMs(Date.now()) }];
    return ok(this.headOf(name));
  }

  private imported(body: unknown): Answer {
    const { text, name, title, licence } = body as Record<'text' | 'name' | 'title' | 'licence', string>;
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const leftOut: { line: number; reason: string }[] = [];
    const items = lines.flatMap((line, i): EvalItem[] => {
      try {
        const { question, answer } = JSON.parse(line) as { question: string; answer: string };
        const value = Number(/####\s*(-?[\d.]+)/.exec(answer)?.[1]);
        if (Number.isNaN(value)) throw new Error('its answer has no #### with a number');
        return [
          {
            kind: 'text',
            id: `q-${i + 1}`,
            prompt: question,
            checks: [{ check: 'number', value, within: 0 }],
          },
        ];
      } catch (error) {
        leftOut.push({
          line: i + 1,
          reason:
            error instanceof SyntaxError
              ? 'it is no JSON'
              : String(error instanceof Error ? error.message : error),
        });
        return [];
      }
    });
    if (items.length === 0)
      return refuse(400, 'nothing_imported', 'No line is an item that can be graded here.');
    this.put(
      EvalSuiteSchema.parse({
        name,
        title,
        licence,
        category: 'imported',
        sampler: { temperature: 0, maxTokens: 1_024 },
        items,
      }),
      'stored',
      Date.now(),
    );
    return ok({ head: this.headOf(name), leftOut }, 201);
  }
}
