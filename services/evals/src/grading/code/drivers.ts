import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CodeStep, CodeTest, CodingItem, EvalFiles } from '@boocontrol/contracts';
import type { SandboxJob } from '@boocontrol/sandbox';
import { strippedPath } from './typescript.js';

/** Of one test, in ms. A limit that a right answer never comes near, also on a slow machine that is busy. */
export const TEST_MS = 10_000;
/** So many tests that do not end are waited for; those after them are not run. */
export const MAX_LATE = 3;
/** Beyond its tests: starting, and what the machine is busy with. */
const SPARE_MS = 20_000;

export type StepTest = Extract<CodeTest, { module: string }>;
export type ProgramTest = Extract<CodeTest, { run: string }>;
type Language = CodingItem['language'];
type Job = Pick<SandboxJob, 'command' | 'stdin' | 'limits'>;

const source = (name: string): string =>
  readFileSync(new URL(`../../../drivers/${name}`, import.meta.url), 'utf8');
const PYTHON = source('driver.py');
const JAVASCRIPT = source('driver.mjs');

/** Does the steps of all tests, each test apart from the others; what it tells has `key` before it. */
export function driverJob(
  language: Language,
  files: EvalFiles,
  tests: readonly StepTest[],
  testMs: number,
): Job & { key: string } {
  const key = randomUUID();
  const isPython = language === 'python';
  const job = {
    key,
    testMs,
    maxLate: MAX_LATE,
    // Read once for all tests.
    preload:
      isPython && Object.values(files).some((text) => /\basync\b|\basyncio\b/.test(text)) ? ['asyncio'] : [],
    tests: tests.map(({ module, steps }) => ({
      module: language === 'typescript' ? strippedPath(module) : module,
      steps: steps.map(question),
    })),
  };
  return {
    key,
    command: isPython
      ? ['python3', '-I', '-c', PYTHON]
      : ['node', '--input-type=module', '--no-warnings', '-e', JAVASCRIPT],
    stdin: JSON.stringify(job),
    limits: limits(MAX_LATE * testMs + SPARE_MS),
  };
}

/** A step without what is expected of it. */
function question(step: CodeStep): Record<string, unknown> {
  const asked: Record<string, unknown> = { do: step.do, name: step.name };
  if ('on' in step) asked['on'] = step.on;
  if ('as' in step) asked['as'] = step.as;
  if (step.do !== 'get') Object.assign(asked, { args: step.args, kwargs: step.kwargs });
  return asked;
}

export function programJob(language: Language, test: ProgramTest, testMs: number): Job {
  const command =
    language === 'python'
      ? ['python3', '-B', test.run]
      : ['node', '--no-warnings', language === 'typescript' ? strippedPath(test.run) : test.run];
  return { command: [...command, ...test.args], stdin: test.stdin, limits: limits(testMs) };
}

function limits(wallMs: number): SandboxJob['limits'] {
  return { wallMs, cpuSeconds: Math.ceil(wallMs / 1_000) };
}
