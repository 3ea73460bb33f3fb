import { SuiteSchema, type BenchSuite } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { PRESET_SUITES } from './bench-cells.js';
import { hashOf, type MadeRun } from './bench-runs.js';

const stored = (suite: unknown, origin: BenchSuite['origin'], atMs: number): BenchSuite => {
  const parsed = SuiteSchema.parse(suite);
  return { name: parsed.name, hash: hashOf(parsed), origin, suite: parsed, at: instantFromMs(atMs), runs: 0 };
};

/** Suites with all their versions, newest first. */
export class MadeSuites {
  private readonly kept = new Map<string, BenchSuite[]>();
  problems: { file: string; message: string }[] = [];

  constructor(
    nowMs: number,
    isHome: boolean,
    private readonly runs: () => readonly MadeRun[],
  ) {
    for (const suite of PRESET_SUITES) this.kept.set(suite.name, [stored(suite, 'builtin', nowMs - 1e9)]);
    if (!isHome) return;
    const file = {
      name: 'rack-nightly',
      description: 'All models of the tower at night',
      promptTokens: [512],
      outputTokens: [64],
      targets: [{ provider: 'tower', model: '*' }],
    };
    const mine = {
      name: 'my-agents',
      description: 'As opencode asks here',
      promptTokens: [2_000],
      outputTokens: [120],
      targets: [{ provider: '*', model: 'qwen*' }],
    };
    this.kept.set('rack-nightly', [stored(file, 'file', nowMs - 4e8)]);
    this.kept.set('my-agents', [
      stored({ ...mine, depth: [0, 8_000] }, 'stored', nowMs - 1e8),
      stored(mine, 'stored', nowMs - 3e8),
    ]);
    this.problems = [{ file: 'broken.yaml', message: 'promptTokens: expected numbers' }];
  }

  of(name: string): BenchSuite | undefined {
    return this.kept.get(name)?.[0];
  }

  answer(method: string, name: string, rest: string | undefined, body: unknown): Answer {
    if (name === '') {
      const suites = [...this.kept.values()].flatMap(([newest]) => (newest ? [this.counted(newest)] : []));
      return {
        status: 200,
        body: { suites: suites.sort((a, b) => (a.name < b.name ? -1 : 1)), problems: this.problems },
      };
    }
    const versions = this.kept.get(name);
    if (method === 'PUT') return this.save(name, versions ?? [], body);
    if (!versions) return refuse(404, 'unknown_suite', `There is no suite "${name}".`);
    if (rest === 'versions')
      return { status: 200, body: { versions: versions.map((each) => this.counted(each)) } };
    if (versions[0]?.origin !== 'stored')
      return refuse(409, 'suite_from_file', `"${name}" is not kept here, so it is not removed here.`);
    this.kept.delete(name);
    return { status: 204 };
  }

  private counted(suite: BenchSuite): BenchSuite {
    return { ...suite, runs: this.runs().filter(({ run }) => run.suiteName === suite.name).length };
  }

  private save(name: string, versions: BenchSuite[], body: unknown): Answer {
    const { suite, ifHash } = body as { suite: unknown; ifHash?: string | null };
    const parsed = SuiteSchema.safeParse(suite);
    if (!parsed.success) return refuse(400, 'validation', 'The body is not valid.', []);
    const [newest] = versions;
    if (newest && newest.origin !== 'stored')
      return refuse(409, 'suite_from_file', `"${name}" is not kept here; save it by another name.`);
    if (ifHash !== undefined && ifHash !== (newest?.hash ?? null))
      return refuse(409, 'suite_changed', `"${name}" was changed by somebody else in the meantime.`);
    const made = stored({ ...parsed.data, name }, 'stored', Date.now());
    this.kept.set(name, [made, ...versions]);
    return { status: 200, body: made };
  }
}
