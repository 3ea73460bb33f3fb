'use client';
import type { Capture } from '@boocontrol/contracts';
import { useMemo, type ReactNode } from 'react';
import { count, plural } from '../format/number';
import { CopyButton } from '../ui/Copy';
import { readAnswer, type Answer, type ToolCall } from './answer';
import { splitFences } from './fences';
import { readConversation } from './conversation';
import { CutMark } from './RawView';

export function ConversationView({ capture, contentType }: { capture: Capture; contentType: string | null }) {
  const { reqBody, respBody } = capture;
  const asked = useMemo(
    () => (reqBody?.encoding === 'utf8' ? readConversation(reqBody.data) : null),
    [reqBody],
  );
  const answer = useMemo(
    () => (respBody?.encoding === 'utf8' ? readAnswer(respBody.data, contentType) : null),
    [respBody, contentType],
  );
  return (
    <div className="flex flex-col gap-3">
      {asked && asked.parameters.length + asked.tools > 0 && (
        <p className="font-mono text-xs leading-5 text-fg2">
          {asked.parameters.map(([name, value]) => (
            <span key={name} className="mr-4 inline-block">
              <span className="text-fg3">{name}</span> {value}
            </span>
          ))}
          {asked.tools > 0 && plural(asked.tools, 'tool')}
        </p>
      )}
      {reqBody && <CutMark body={reqBody} />}
      {asked ? (
        asked.turns.map((turn, i) => (
          <Bubble key={i} who={turn.role} text={turn.text}>
            {turn.attachments.map((name, n) => (
              <p key={n} className="text-xs text-fg2">
                with {name.replace('_', ' ')}, not shown here
              </p>
            ))}
            <ToolCalls calls={turn.toolCalls} />
          </Bubble>
        ))
      ) : (
        <Plain>
          {reqBody
            ? 'The request body is not a conversation that can be read. See Raw.'
            : 'The host kept no request body.'}
        </Plain>
      )}
      {respBody && <CutMark body={respBody} />}
      {answer ? (
        <AnswerView answer={answer} cut={respBody?.cut ?? false} />
      ) : (
        <Plain>
          {respBody
            ? 'The answer is none that can be shown as text. See Raw.'
            : 'The host kept no answer body: it keeps none of failed, audio and image requests.'}
        </Plain>
      )}
    </div>
  );
}

function AnswerView({ answer, cut }: { answer: Answer; cut: boolean }) {
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
        >
          {choice.reasoning && (
            <details className="mb-2 text-sm text-fg2">
              <summary className="text-xs text-fg3 hover:text-fg">
                Reasoning, {count(choice.reasoning.length)} characters
              </summary>
              <p className="mt-1 whitespace-pre-wrap">{choice.reasoning}</p>
            </details>
          )}
          <ToolCalls calls={choice.toolCalls} />
          {choice.finishReason && choice.finishReason !== 'stop' && (
            <p className="mt-2 text-xs text-busy">ended by: {choice.finishReason}</p>
          )}
        </Bubble>
      ))}
      {answer.error && <p className="rounded-md bg-error/12 px-3 py-2 text-sm">{answer.error}</p>}
      {!answer.complete && !cut && (
        <p className="text-xs text-busy">
          The stream ends before the model said that it was done: it was broken off.
        </p>
      )}
      {answer.streamed && <p className="text-xs text-fg3">Put together from a stream.</p>}
    </>
  );
}

function Bubble({
  who,
  text,
  mine = false,
  children,
}: {
  who: string;
  text: string;
  mine?: boolean;
  children?: ReactNode;
}) {
  return (
    <section className={`rounded-lg border px-4 py-3 ${mine ? 'border-accent/40 bg-accent/6' : 'bg-s2'}`}>
      <div className="mb-1 flex items-center">
        <h3 className="text-xs font-medium text-fg3">{who}</h3>
        <span className="ml-auto" />
        {text && <CopyButton what={who} text={text} />}
      </div>
      {mine && children}
      {splitFences(text).map(({ code, text: part }, i) =>
        code ? (
          <pre key={i} className="my-2 overflow-x-auto rounded bg-bg px-3 py-2 font-mono text-xs leading-5">
            {part}
          </pre>
        ) : (
          <p key={i} className="text-sm leading-6 whitespace-pre-wrap [overflow-wrap:anywhere]">
            {part}
          </p>
        ),
      )}
      {!mine && children}
    </section>
  );
}

function ToolCalls({ calls }: { calls: readonly ToolCall[] }) {
  return calls.map((call, i) => (
    <pre
      key={i}
      className="mt-2 overflow-x-auto rounded bg-bg px-3 py-2 font-mono text-xs whitespace-pre-wrap"
    >
      <span className="text-own">{call.name}</span>({call.arguments})
    </pre>
  ));
}

function Plain({ children }: { children: ReactNode }) {
  return <p className="rounded-lg border border-dashed px-4 py-4 text-sm text-fg2">{children}</p>;
}
