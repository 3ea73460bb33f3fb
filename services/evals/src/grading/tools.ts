import type {
  EvalFinding,
  EvalMessage,
  EvalToolCall,
  ExpectedArgument,
  ToolExpectation,
} from '@boocontrol/contracts';
import { findingOf } from './checks/checks.js';
import { isRecord, likeValue } from '../values/equal.js';
import { finding, shown } from './words.js';

type ExpectedCall = ToolExpectation['calls'][number];

/**
 * Holds the calls of all turns and the last text against what is expected.
 * @throws {BadCheck} when a rule for the text cannot be used
 */
export function toolFindings(expect: ToolExpectation, answer: readonly EvalMessage[]): EvalFinding[] {
  const said = answer.filter(({ role }) => role === 'assistant');
  const calls = said.flatMap((message) => message.calls ?? []);
  const broken = calls.filter((call) => !isRecord(call.arguments));
  const found = expect.order === 'given' ? inOrder(expect, calls) : inAnyOrder(expect.calls, calls);
  const findings = expect.calls.map((wanted, index) =>
    found.has(index)
      ? finding(callName(wanted), true)
      : finding(callName(wanted), false, wantedWords(wanted), callWords(calls)),
  );
  if (broken.length > 0)
    findings.push(finding('arguments are JSON objects', false, 'JSON objects', callWords(broken)));
  if (!expect.more)
    findings.push(
      calls.length <= expect.calls.length
        ? finding(expect.calls.length === 0 ? 'calls nothing' : 'calls nothing else', true)
        : finding('calls nothing else', false, `${expect.calls.length} calls`, callWords(calls)),
    );
  const last = said.at(-1)?.content ?? '';
  return [...findings, ...expect.answer.map((check) => findingOf(check, last))];
}

/** Numbers of the expected calls that were made, one after the other. */
function inOrder({ calls: wanted, more }: ToolExpectation, calls: readonly EvalToolCall[]): Set<number> {
  const found = new Set<number>();
  if (!more) {
    wanted.forEach((one, index) => {
      const call = calls[index];
      if (call !== undefined && fits(one, call)) found.add(index);
    });
    return found;
  }
  let from = 0;
  for (const [index, one] of wanted.entries()) {
    const at = calls.findIndex((call, position) => position >= from && fits(one, call));
    if (at < 0) continue;
    found.add(index);
    from = at + 1;
  }
  return found;
}

/** As many as can be given a call of their own: augmenting paths, so that one that fits many takes none from one that fits few. */
function inAnyOrder(wanted: readonly ExpectedCall[], calls: readonly EvalToolCall[]): Set<number> {
  const takenBy = new Map<number, number>();
  const place = (index: number, seen: Set<number>): boolean =>
    calls.some((call, at) => {
      const one = wanted[index];
      if (one === undefined || seen.has(at) || !fits(one, call)) return false;
      seen.add(at);
      const other = takenBy.get(at);
      if (other !== undefined && !place(other, seen)) return false;
      takenBy.set(at, index);
      return true;
    });
  wanted.forEach((_, index) => place(index, new Set()));
  return new Set(takenBy.values());
}

function fits(wanted: ExpectedCall, call: EvalToolCall): boolean {
  const given = call.arguments;
  return (
    call.name === wanted.name &&
    isRecord(given) &&
    Object.entries(wanted.arguments).every(([name, what]) =>
      isArgument(what, Object.hasOwn(given, name) ? { value: given[name] } : null),
    )
  );
}

/** @param given null: it is not there */
export function isArgument(what: ExpectedArgument, given: { value: unknown } | null): boolean {
  if ('absent' in what) return given === null;
  if (given === null) return false;
  const { value } = given;
  if ('anyOf' in what) return what.anyOf.some((one) => likeValue(one, value));
  if ('contains' in what)
    return (
      typeof value === 'string' &&
      what.contains.every((part) => value.toLowerCase().includes(part.toLowerCase()))
    );
  if ('near' in what) return typeof value === 'number' && Math.abs(value - what.near) <= what.within;
  return likeValue(what.equals, value);
}

function callName({ name }: ExpectedCall): string {
  return `calls ${name}`;
}

function wantedWords({ name, arguments: wanted }: ExpectedCall): string {
  return `${name}(${Object.entries(wanted)
    .map(([key, what]) => `${key}: ${argumentWords(what)}`)
    .join(', ')})`;
}

function argumentWords(what: ExpectedArgument): string {
  if ('absent' in what) return 'nothing';
  if ('anyOf' in what) return what.anyOf.map(shown).join(' or ');
  if ('contains' in what) return `with ${what.contains.join(' and ')}`;
  if ('near' in what) return `${what.near} ± ${what.within}`;
  return shown(what.equals);
}

function callWords(calls: readonly EvalToolCall[]): string {
  return calls.length === 0
    ? 'no calls'
    : calls.map((call) => `${call.name}(${shown(call.arguments)})`).join('; ');
}
