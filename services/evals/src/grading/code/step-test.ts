import type { CodeStep, EvalFinding } from '@boocontrol/contracts';
import { finding, shown } from '../words.js';
import type { Claim, TestClaims } from './claims.js';
import { isExpected } from './compare.js';
import type { StepTest } from './drivers.js';

export interface TestResult {
  outcome: 'passed' | 'failed' | 'timeout' | 'oom';
  finding: EvalFinding;
}

/** Compares what was told of a test with what is expected. `lost` is what steps that are missing mean. */
export function judgeSteps(
  test: StepTest,
  claims: TestClaims,
  lost: TestResult['outcome'] = 'failed',
): TestResult {
  const bad = (outcome: TestResult['outcome'], expected: string | null, got: string): TestResult => ({
    outcome,
    finding: finding(test.name, false, expected, got),
  });
  if (claims.isGarbled) return bad('failed', null, 'what came back was not from the test alone');
  const loaded = claims.steps.get(-1);
  if (loaded?.error)
    return bad(outcomeOf(loaded), `${test.module} can be imported`, errorWords(loaded.error));
  for (const [index, step] of test.steps.entries()) {
    const claim = claims.steps.get(index);
    const expected = `${test.steps.length > 1 ? `step ${index + 1}, ` : ''}${expectation(step)}`;
    if (claim === undefined) return bad(missing(claims, lost), expected, endWords(claims, lost));
    if (!isRight(step, claim)) return bad(outcomeOf(claim), expected, claimWords(claim));
  }
  // A program that cannot end has not done its work, whatever it returned before.
  if (claims.end !== 0) return bad(missing(claims, lost), null, endWords(claims, lost));
  return { outcome: 'passed', finding: finding(test.name, true) };
}

function isRight(step: CodeStep, { value, error }: Claim): boolean {
  if (step.throws !== undefined)
    return error !== null && (step.throws === '*' || error.names.includes(step.throws));
  if (error !== null) return false;
  return !('expect' in step) || step.expect === undefined || isExpected(step.expect, value, step.compare);
}

/** Code that asks for more memory than there is gets an error of its language. */
function outcomeOf({ error }: Claim): 'failed' | 'oom' {
  return error?.names.includes('MemoryError') ? 'oom' : 'failed';
}

function missing({ end }: TestClaims, lost: TestResult['outcome']): TestResult['outcome'] {
  return end === 'timeout' || end === 'oom' ? end : lost;
}

const LOST: Readonly<Record<TestResult['outcome'], string>> = {
  passed: 'nothing came back',
  failed: 'it ended before it was done',
  timeout: 'it did not end in time',
  oom: 'it needed more memory than it is given',
};

function endWords({ end }: TestClaims, lost: TestResult['outcome']): string {
  if (end === 'timeout' || end === 'oom') return LOST[end];
  if (end === null || end === 0) return LOST[lost];
  return `it ended before it was done: ${typeof end === 'number' ? (end < 0 ? `signal ${-end}` : `exit code ${end}`) : end}`;
}

function expectation(step: CodeStep): string {
  const owner = 'on' in step && step.on !== undefined ? `${step.on}.` : '';
  const named =
    step.do === 'get'
      ? []
      : Object.entries(step.kwargs ?? {}).map(([name, value]) => `${name}=${shown(value)}`);
  const args = step.do === 'get' ? '' : `(${[...step.args.map(shown), ...named].join(', ')})`;
  const what = `${step.do === 'new' ? 'new ' : ''}${owner}${step.name}${args}`;
  if (step.throws !== undefined) return `${what} raises ${step.throws === '*' ? 'an error' : step.throws}`;
  if (!('expect' in step) || step.expect === undefined) return `${what} returns`;
  const how = step.compare === undefined || step.compare.as === 'exact' ? '' : ` (${step.compare.as})`;
  return `${what} → ${shown(step.expect)}${how}`;
}

function claimWords({ value, error }: Claim): string {
  return error === null ? shown(value) : errorWords(error);
}

function errorWords({ names, message, at }: NonNullable<Claim['error']>): string {
  return `${names[0] ?? 'error'}: ${message}${at === null ? '' : ` (${at})`}`;
}
