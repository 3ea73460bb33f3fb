'use client';
import { useLayoutEffect, useRef } from 'react';
import type { Desk } from './desk';
import type { Run } from './run';
import { RunView } from './RunView';
import { ToolResults } from './ToolResults';
import { canBeAsked, openCalls } from './turns';
import { TurnView } from './TurnView';
import type { Pane } from './types';

interface ConversationProps {
  desk: Desk;
  pane: Pane;
  run: Run | undefined;
  number: number;
  canFork: boolean;
  onWhy: (dispatchId: string) => void;
}

/** Nearer to the end than this, one reads along. */
const NEAR_PX = 80;

/** The messages of a pane; it follows what is written as long as one is at its end. */
export function Conversation({ desk, pane, run, number, canFork, onWhy }: ConversationProps) {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { turns } = pane;
  const asked = run === undefined ? openCalls(turns) : [];
  const lastId = turns.at(-1)?.id;
  const isOwn = turns.at(-1)?.role === 'user';
  // External system: the scroll position. Whoever has just sent something wants to see it.
  useLayoutEffect(() => {
    const element = list.current;
    if (element && (isAtEnd.current || isOwn)) element.scrollTop = element.scrollHeight;
  }, [run, lastId, isOwn]);
  return (
    <div
      ref={list}
      role="region"
      aria-label={`Messages ${number}`}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
      }}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-3 py-4">
        {turns.map((turn, n) => (
          <TurnView
            key={turn.id}
            desk={desk}
            paneId={pane.id}
            turn={turn}
            isBusy={run !== undefined}
            canFork={canFork}
            isUnanswered={n === turns.length - 1 && run === undefined && canBeAsked(turns)}
            onWhy={onWhy}
          />
        ))}
        {asked.length > 0 && (
          <ToolResults key={lastId} calls={asked} onSend={(results) => desk.answerCalls(pane.id, results)} />
        )}
        {run && <RunView run={run} onStop={() => desk.stop(pane.id)} />}
        {turns.length === 0 && !run && (
          <p className="py-10 text-center text-sm text-fg3">
            {pane.model === '' ? 'Choose a model above, then ask below.' : 'Ask something below.'}
          </p>
        )}
      </div>
    </div>
  );
}
