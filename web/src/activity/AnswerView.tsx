'use client';
import { count, plural } from '../format/number';
import type { Answer } from '@boocontrol/fleet-model';
import { Bubble, Plain, Reasoning, ToolCalls } from '../texts/Bubble';

/** Ways to end that need no word. */
const ORDINARY_ENDS = new Set([
  'stop',
  'tool_calls',
  'function_call',
  'end_turn',
  'stop_sequence',
  'tool_use',
  'completed',
]);

interface AnswerViewProps {
  answer: Answer;
  cut: boolean;
  documents: readonly string[];
}

export function AnswerView({ answer, cut, documents }: AnswerViewProps) {
  if (answer.kind === 'ranking') return <Ranking results={answer.results} documents={documents} />;
  if (answer.kind === 'embeddings') {
    return (
      <Plain>
        {plural(answer.vectors, 'embedding')}
        {answer.dimensions !== null && ` of ${count(answer.dimensions)} dimensions`}.
      </Plain>
    );
  }
  return (
    <>
      {answer.choices.map((choice, i) => (
        <Bubble
          key={i}
          who={answer.choices.length > 1 ? `answer ${i + 1}` : 'answer'}
          text={choice.text}
          mine
          isMarkdown
        >
          <Reasoning text={choice.reasoning} />
          <ToolCalls calls={choice.toolCalls} />
          {choice.finishReason && !ORDINARY_ENDS.has(choice.finishReason) && (
            <p className="mt-2 text-xs text-busy">stopped by: {choice.finishReason}</p>
          )}
        </Bubble>
      ))}
      {answer.error && <p className="rounded-md bg-error/12 px-3 py-2 text-sm">{answer.error}</p>}
      {!answer.complete && !cut && (
        <p className="text-xs text-busy">The stream broke off before the model was done.</p>
      )}
      {answer.streamed && <p className="text-xs text-fg3">Assembled from a stream.</p>}
    </>
  );
}

interface RankingProps {
  results: Extract<Answer, { kind: 'ranking' }>['results'];
  documents: readonly string[];
}

function Ranking({ results, documents }: RankingProps) {
  return (
    <section className="rounded-lg border border-accent/40 bg-accent/6 px-4 py-3">
      <h3 className="mb-1 text-xs font-medium text-fg3">ranking, best first</h3>
      <ol>
        {results.map(({ index, score }) => (
          <li key={index} className="flex gap-3 border-t py-1.5 text-sm first:border-t-0">
            <span className="num w-16 shrink-0 text-right font-mono text-xs leading-5">
              {score.toFixed(4)}
            </span>
            <span className="line-clamp-3 min-w-0 [overflow-wrap:anywhere]">
              {documents[index] ?? `document ${index + 1}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
