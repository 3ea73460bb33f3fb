import type { CodingItem, EvalFiles } from '@boocontrol/contracts';
import { graded, type Grade, type GradingContext } from '../types.js';
import { problem } from '../words.js';
import { SandboxBroken, TestRun } from './run-tests.js';
import { NoTypeScript, stripTypes } from './typescript.js';

/**
 * Runs the hidden tests on files, as an answer leaves them.
 * @throws the signal's reason when it fires
 */
export async function gradeFiles(
  item: CodingItem,
  files: EvalFiles,
  context: GradingContext,
): Promise<Grade> {
  if (context.sandbox === null)
    return graded(
      'harness_error',
      problem('no_sandbox', 'There is no sandbox on this machine that code may run in.'),
      [],
      files,
    );
  let ready: EvalFiles;
  try {
    ready = item.language === 'typescript' ? stripTypes(files) : files;
  } catch (error) {
    if (!(error instanceof NoTypeScript)) throw error;
    return graded('failed', problem('does_not_compile', `${error.message}.`), [], files);
  }
  const unfit = misfit(ready);
  if (unfit !== null)
    return graded('failed', problem('bad_files', `The answer cannot be used: ${unfit}.`), [], files);
  const run = new TestRun(item.language, ready, context.sandbox, context);
  try {
    const results = await run.all(item.tests);
    const findings = results.map(({ finding }) => finding);
    const bad = results.filter(({ outcome }) => outcome !== 'passed');
    const [first] = bad;
    const output = run.output;
    if (first === undefined) return { ...graded('passed', null, findings, files), output };
    const reason = problem(
      first.outcome === 'failed' ? 'tests_failed' : first.outcome,
      `${bad.length} of ${results.length} tests did not pass. “${first.finding.name}”: ${first.finding.got ?? ''}`,
    );
    return { ...graded(first.outcome, reason, findings, files), output };
  } catch (error) {
    if (!(error instanceof SandboxBroken)) throw error;
    return graded(
      'harness_error',
      problem('sandbox_broken', `The sandbox did not work: ${error.message}.`),
      [],
      files,
    );
  }
}

/** Why files cannot lie side by side in a folder, in words; null: they can. */
function misfit(files: EvalFiles): string | null {
  const inFile = Object.keys(files).find((path) =>
    path
      .split('/')
      .some((_, depth, parts) => depth > 0 && Object.hasOwn(files, parts.slice(0, depth).join('/'))),
  );
  return inFile === undefined ? null : `the path ${inFile} leads through a file`;
}
