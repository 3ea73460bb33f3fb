import type { CodeStep, CodeTest } from '@boocontrol/contracts';
import { LeftOut } from './left-out.js';

const STEPS_OF_A_TEST = 64;
/** The file that an imported task is solved in. */
export const SOLUTION = 'solution.py';

/** Assertions as tests, a few in each, since every test is a process. @throws {LeftOut} when there are none, or too many */
export function testsOf(steps: readonly CodeStep[]): CodeTest[] {
  if (steps.length === 0) throw new LeftOut('has no assertion');
  if (steps.length > 1_000) throw new LeftOut('has more than 1,000 assertions');
  const tests: CodeTest[] = [];
  for (let from = 0; from < steps.length; from += STEPS_OF_A_TEST) {
    const some = steps.slice(from, from + STEPS_OF_A_TEST);
    const name = `assertions ${from + 1} to ${from + some.length}`;
    tests.push({ name, module: SOLUTION, steps: some });
  }
  return tests;
}
