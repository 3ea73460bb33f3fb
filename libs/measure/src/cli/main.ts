import { writeFile } from 'node:fs/promises';
import { compare } from '../compare/compare.js';
import { MeasureError } from '../errors.js';
import { csvOf } from '../report/csv.js';
import { markdownOf } from '../report/markdown.js';
import { measure } from '../run/measure.js';
import { definitionsText } from './definitions-text.js';
import { flagsOf, optionsOf, UsageError, type BenchOptions, type Form } from './options.js';
import { Progress } from './progress.js';
import { styleFor } from './style.js';
import { comparisonText, tableOf } from './table.js';
import { USAGE } from './usage.js';

const MEASURED = 0;
const NOT_MEASURED = 1;
const NOT_UNDERSTOOD = 2;
const REGRESSED = 3;
const INTERRUPTED = 130;

/** `boocontrol bench …`; returns the exit code. Progress goes to standard error, results to standard output. */
export async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const told = (): void => stop.abort(new Error('interrupted'));
  // The first Ctrl-C ends the run with what it has; the second is Node's own and ends the process.
  process.once('SIGINT', told).once('SIGTERM', told);
  try {
    const { flags, command } = flagsOf(args);
    if (flags.help === true || command === 'help' || args.length === 0) {
      process.stdout.write(USAGE);
      return MEASURED;
    }
    if (command !== 'bench')
      throw new UsageError(`There is no command "${command ?? ''}". There is: bench. More: --help`);
    if (flags.definitions === true) {
      process.stdout.write(definitionsText());
      return MEASURED;
    }
    return await bench(await optionsOf(flags, process.env), stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      process.stderr.write('\nInterrupted before anything was measured.\n');
      return INTERRUPTED;
    }
    if (!(error instanceof UsageError || error instanceof MeasureError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? NOT_UNDERSTOOD : NOT_MEASURED;
  } finally {
    process.off('SIGINT', told).off('SIGTERM', told);
  }
}

async function bench(options: BenchOptions, signal: AbortSignal): Promise<number> {
  const { out, baseline, json, ...what } = options;
  const isTty = process.stderr.isTTY === true;
  const screen = { isTty, write: (text: string) => void process.stderr.write(text) };
  const progress = new Progress(screen, styleFor(isTty, process.env));
  const result = await measure({ ...what, signal, onEvent: (event) => progress.tell(event) });
  const text = `${JSON.stringify(result, null, 2)}\n`;
  const written: Readonly<Record<Form, () => string>> = {
    json: () => text,
    csv: () => csvOf(result),
    md: () => markdownOf(result),
  };
  if (out) await writeFile(out.path, written[out.form]());
  const style = styleFor(process.stdout.isTTY === true, process.env);
  const comparison = compare(baseline, result);
  if (json) process.stdout.write(text);
  else process.stdout.write(`\n${tableOf(result, style)}\n`);
  if (baseline) (json ? process.stderr : process.stdout).write(`\n${comparisonText(comparison, style)}\n`);
  if (out) process.stderr.write(`Written to ${out.path}\n`);
  if (result.status === 'interrupted') return INTERRUPTED;
  if (!result.cells.some(({ requests }) => requests.ok > 0)) {
    process.stderr.write(`Nothing was measured: ${firstReason(result)}\n`);
    return NOT_MEASURED;
  }
  return comparison.regressed > 0 ? REGRESSED : MEASURED;
}

function firstReason({ reason, cells, samples }: Awaited<ReturnType<typeof measure>>): string {
  const failed = samples.find(({ error }) => error)?.error?.message;
  return failed ?? reason ?? cells.find((cell) => cell.reason)?.reason ?? 'no request was answered';
}
