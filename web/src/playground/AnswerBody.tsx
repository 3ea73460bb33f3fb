'use client';
import { useDeferredValue } from 'react';
import { Reasoning, Told, ToolCalls } from '../texts/Bubble';
import type { Call } from './types';

interface AnswerBodyProps {
  text: string;
  reasoning: string;
  calls: readonly Call[];
}

/** What a model says. Markdown of what still grows is drawn when there is time for it. */
export function AnswerBody({ text, reasoning, calls }: AnswerBodyProps) {
  const shown = useDeferredValue(text);
  return (
    <>
      <Reasoning text={reasoning} />
      {shown !== '' && <Told text={shown} isMarkdown />}
      <ToolCalls calls={calls} />
    </>
  );
}
