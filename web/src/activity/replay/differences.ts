import { asObject, parseJson, type Answer, type Choice, type ToolCall } from '@boocontrol/fleet-model';
import { count, plural } from '../../format/number';

const SHORT = 60;

/**
 * How an answer differs from the one of before, in sentences.
 * @param before null: there is none that is known
 */
export function differences(before: Answer | null, now: Answer | null): string[] {
  if (before === null) return ['What was answered before is not known, so nothing can be compared.'];
  if (now === null) return ['This is no answer that is known; the original was one.'];
  if (before.kind === 'embeddings' && now.kind === 'embeddings') return ofVectors(before, now);
  if (before.kind === 'ranking' && now.kind === 'ranking') return ofRankings(before, now);
  if (before.kind !== 'text' || now.kind !== 'text') return ['It is an answer of another kind.'];
  const [was, is] = [before.choices[0], now.choices[0]];
  if (!was || !is) return [was ? 'It brought no answer.' : 'The original brought no answer.'];
  return [...ofCalls(was.toolCalls, is.toolCalls), ...ofTexts(was, is), ...ofEnds(was, is)];
}

function ofCalls(was: readonly ToolCall[], is: readonly ToolCall[]): string[] {
  if (was.length === 0 && is.length === 0) return [];
  const names = (calls: readonly ToolCall[]): string =>
    calls.map(({ name }) => name || 'a tool without a name').join(', ') || 'no tool';
  if (names(was) !== names(is)) return [`It calls ${names(is)}; the original called ${names(was)}.`];
  const sentences = was.flatMap((call, n) => ofArguments(call, is[n] ?? call));
  const what = was.length === 1 ? 'the same tool' : 'the same tools';
  return sentences.length > 0 ? sentences : [`It calls ${what} with the same arguments: ${names(is)}.`];
}

function ofArguments(was: ToolCall, is: ToolCall): string[] {
  const [before, now] = [asObject(parseJson(was.arguments)), asObject(parseJson(is.arguments))];
  if (!before || !now)
    return was.arguments === is.arguments ? [] : [`It calls ${is.name} with other arguments.`];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names
    .filter((name) => plain(before[name]) !== plain(now[name]))
    .map((name) => {
      if (!Object.hasOwn(now, name))
        return `It calls ${is.name} without ${name}, which was ${shown(before[name])}.`;
      if (!Object.hasOwn(before, name))
        return `It calls ${is.name} with ${name} ${shown(now[name])} as well.`;
      return `It calls ${is.name} with ${name} ${shown(now[name])} instead of ${shown(before[name])}.`;
    });
}

function ofTexts({ text: was }: Choice, { text: is }: Choice): string[] {
  if (was === is) return was === '' ? [] : ['It says the same, to the letter.'];
  if (was === '') return [`It says something: ${plural(is.length, 'character')}. The original said nothing.`];
  if (is === '') return [`It says nothing; the original said ${plural(was.length, 'character')}.`];
  let same = 0;
  while (same < Math.min(was.length, is.length) && was[same] === is[same]) same++;
  const from =
    same === 0 ? 'from the first character' : `after ${plural(same, 'character')} that are the same`;
  return [`It says something else ${from}: ${count(is.length)} characters instead of ${count(was.length)}.`];
}

const ofEnds = ({ finishReason: was }: Choice, { finishReason: is }: Choice): string[] =>
  was === is || was === null || is === null ? [] : [`It ended by ${is}, the original by ${was}.`];

type Embeddings = Extract<Answer, { kind: 'embeddings' }>;
function ofVectors(was: Embeddings, is: Embeddings): string[] {
  const same = was.vectors === is.vectors && was.dimensions === is.dimensions;
  if (same) return ['As many embeddings of as many dimensions. What is in them is not compared.'];
  const told = ({ vectors, dimensions }: Embeddings): string =>
    `${plural(vectors, 'embedding')} of ${dimensions === null ? 'unknown' : count(dimensions)} dimensions`;
  return [`${told(is)} instead of ${told(was)}.`];
}

type Ranking = Extract<Answer, { kind: 'ranking' }>;
function ofRankings(was: Ranking, is: Ranking): string[] {
  const order = ({ results }: Ranking): string => results.map(({ index }) => index).join();
  return [order(was) === order(is) ? 'The order is the same.' : 'The order is another one.'];
}

/** The same for values that are the same, in whatever order their fields stand. */
function plain(value: unknown): string {
  const inOrder = (_: string, each: unknown): unknown => {
    const object = asObject(each);
    return object
      ? Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  };
  return JSON.stringify(value, inOrder) ?? '';
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}
