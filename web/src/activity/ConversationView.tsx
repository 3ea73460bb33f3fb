'use client';
import type { Capture } from '@boocontrol/contracts';
import { readAnswer, readConversation } from '@boocontrol/fleet-model';
import { useMemo } from 'react';
import { plural } from '../format/number';
import { AnswerView } from './AnswerView';
import { Bubble, Plain, Reasoning, ToolCalls } from '../texts/Bubble';
import { CutMark } from './RawView';

/** Who writes Markdown; what a tool gives and what is to be completed or embedded is shown as it is. */
const IN_MARKDOWN = new Set(['system', 'developer', 'user', 'assistant']);

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
          <Bubble key={i} who={turn.role} text={turn.text} isMarkdown={IN_MARKDOWN.has(turn.role)}>
            <Reasoning text={turn.reasoning} />
            {turn.attachments.map((name, n) => (
              <p key={n} className="text-xs text-fg2">
                with {name}, not shown here
              </p>
            ))}
            <ToolCalls calls={turn.toolCalls} />
          </Bubble>
        ))
      ) : (
        <Plain>
          {reqBody
            ? "The request body isn't a conversation that can be shown. See Raw."
            : 'The host kept no request body.'}
        </Plain>
      )}
      {answer?.kind !== 'ranking' &&
        asked?.documents.map((text, i) => <Bubble key={i} who={`document ${i + 1}`} text={text} />)}
      {respBody && <CutMark body={respBody} />}
      {answer ? (
        <AnswerView answer={answer} cut={respBody?.cut ?? false} documents={asked?.documents ?? []} />
      ) : (
        <Plain>
          {respBody
            ? "The answer can't be shown as text. See Raw."
            : 'The host kept no answer body. It keeps none for failed, audio and image requests.'}
        </Plain>
      )}
    </div>
  );
}
