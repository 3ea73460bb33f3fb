import type { CodingItem, EvalFiles } from '@boocontrol/contracts';
import type { SandboxJob, SandboxResult } from '@boocontrol/sandbox';
import type { GradingContext } from '../types.js';
import { finding } from '../words.js';
import { readClaims, type TestClaims } from './claims.js';
import { isSameText } from './compare.js';
import { driverJob, MAX_LATE, programJob, TEST_MS, type ProgramTest, type StepTest } from './drivers.js';
import { judgeSteps, type TestResult } from './step-test.js';

type Backend = NonNullable<GradingContext['sandbox']>;
type Job = Pick<SandboxJob, 'command' | 'stdin' | 'limits'>;

/** Of what tests printed, each of standard output and standard error. */
const MAX_PRINTED = 64_000;

/** The sandbox itself did not work, twice. Its message says how. */
export class SandboxBroken extends Error {
  override readonly name = 'SandboxBroken';
}

/** The tests of one answer, in one language, in one sandbox after the other. */
export class TestRun {
  private late = 0;
  private printed = { stdout: '', stderr: '', isCut: false };

  constructor(
    private readonly language: CodingItem['language'],
    private readonly files: EvalFiles,
    private readonly sandbox: Backend,
    private readonly context: Pick<GradingContext, 'label' | 'signal' | 'testMs'>,
  ) {}

  private get testMs(): number {
    return this.context.testMs ?? TEST_MS;
  }

  get output() {
    return { ...this.printed, sandbox: this.sandbox.name };
  }

  /**
   * One result a test, in their order.
   * @throws {SandboxBroken} when the sandbox does not work
   * @throws the signal's reason when it fires
   */
  async all(tests: CodingItem['tests']): Promise<TestResult[]> {
    const results = new Map<CodingItem['tests'][number], TestResult>();
    const steps = tests.filter((test): test is StepTest => 'module' in test);
    (await this.steps(steps)).forEach((result, index) => results.set(steps[index] as StepTest, result));
    for (const test of tests)
      if (!results.has(test) && 'run' in test) results.set(test, await this.program(test));
    return tests.map((test) => results.get(test) ?? notRun(test.name));
  }

  /** All in one sandbox; when one of them brings it down, those after it are run in the next. */
  private async steps(tests: readonly StepTest[]): Promise<TestResult[]> {
    const results: TestResult[] = [];
    while (results.length < tests.length && this.late < MAX_LATE) {
      const left = tests.slice(results.length);
      const { key, ...job } = driverJob(this.language, this.files, left, this.testMs);
      const ran = await this.run(job);
      const claims = readClaims(ran.stdout, key, left.length);
      this.keep(claims.printed, ran);
      results.push(...this.judge(left, claims.tests, ran));
    }
    return [...results, ...tests.slice(results.length).map(({ name }) => notRun(name))];
  }

  /** Results up to the test that brought the sandbox down; of all, when none did. */
  private judge(tests: readonly StepTest[], claims: readonly TestClaims[], ran: SandboxResult): TestResult[] {
    const results: TestResult[] = [];
    for (const [index, test] of tests.entries()) {
      const told = claims[index];
      if (told === undefined) break;
      if (told.end !== null) {
        if (told.end === 'timeout') this.late += 1;
        results.push(judgeSteps(test, told));
        continue;
      }
      // The driver gives up after too many that did not end.
      if (this.late >= MAX_LATE) break;
      this.late += 1;
      results.push(fallen(test, told, ran));
      break;
    }
    return results;
  }

  private async program(test: ProgramTest): Promise<TestResult> {
    if (this.late >= MAX_LATE) return notRun(test.name);
    const ran = await this.run(programJob(this.language, test, this.testMs));
    this.keep(ran.stdout, ran);
    const outcome = outcomeOf(ran);
    if (ran.outcome !== 'exited') this.late += 1;
    if (ran.outcome !== 'exited')
      return { outcome, finding: finding(test.name, false, null, ran.problem ?? ran.outcome) };
    if (ran.exitCode !== test.exitCode)
      return {
        outcome,
        finding: finding(
          test.name,
          false,
          `exit code ${test.exitCode}`,
          `exit code ${ran.exitCode ?? '?'}: ${lastOf(ran.stderr)}`,
        ),
      };
    const isRight = test.stdout === undefined || isSameText(test.stdout, ran.stdout);
    return isRight
      ? { outcome: 'passed', finding: finding(test.name, true) }
      : { outcome: 'failed', finding: finding(test.name, false, test.stdout ?? null, ran.stdout) };
  }

  private async run(job: Job): Promise<SandboxResult> {
    const { label, signal } = this.context;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const ran = await this.sandbox.run({ ...job, files: this.files, label, signal });
      signal.throwIfAborted();
      if (ran.outcome !== 'harness_error' && ran.outcome !== 'killed') return ran;
      if (attempt === 2) throw new SandboxBroken(ran.problem ?? `the sandbox ended as ${ran.outcome}`);
    }
  }

  private keep(stdout: string, ran: SandboxResult): void {
    const { printed } = this;
    printed.isCut ||= ran.stdoutCut || ran.stderrCut;
    for (const [name, text] of [
      ['stdout', stdout],
      ['stderr', ran.stderr],
    ] as const) {
      const whole = printed[name] + text.replaceAll('\0', '␀').replace(/\p{Cs}/gu, '�');
      printed[name] = whole.slice(0, MAX_PRINTED).replace(/\p{Cs}$/u, '');
      printed.isCut ||= whole.length > MAX_PRINTED;
    }
  }
}

function fallen(test: StepTest, told: TestClaims, ran: SandboxResult): TestResult {
  const outcome = outcomeOf(ran);
  const result = judgeSteps(test, told, outcome);
  if (ran.outcome !== 'exited' && result.outcome === outcome && ran.problem !== null)
    return { outcome, finding: { ...result.finding, got: ran.problem } };
  return result;
}

function outcomeOf({ outcome, stderr, exitCode }: SandboxResult): 'failed' | 'timeout' | 'oom' {
  if (outcome === 'timeout' || outcome === 'oom') return outcome;
  const isMemory = /heap out of memory|^MemoryError/m.test(stderr) && exitCode !== 0;
  return isMemory ? 'oom' : 'failed';
}

function notRun(name: string): TestResult {
  return {
    outcome: 'failed',
    finding: finding(name, false, null, `not run: ${MAX_LATE} tests before it had to be ended`),
  };
}

function lastOf(stderr: string): string {
  return stderr.trimEnd().slice(-1_000);
}
