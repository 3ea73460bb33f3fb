'use client';
import { memo, type ReactNode } from 'react';
import { useHostName } from '../control/names';
import { Button } from '../ui/controls';
import { CopyButton } from '../ui/Copy';
import { AnswerBody } from './AnswerBody';
import { FiguresView } from './FiguresView';
import { TroubleView } from './TroubleView';
import type { Account, Answerer, Turn } from './types';

interface AnswerTurnProps {
  turn: Turn;
  menu: ReactNode;
  onWhy: (dispatchId: string) => void;
  /** null: not now. */
  onAgain: (() => void) | null;
}

/** An answer, who gave it, and how it came. */
export const AnswerTurn = memo(function AnswerTurn({ turn, menu, onWhy, onAgain }: AnswerTurnProps) {
  const { account, text, reasoning, calls } = turn;
  const end = account && endWords(account);
  return (
    <section aria-label="Answer" className="px-1">
      <div className="flex min-w-0 items-center">
        <h3 className="sr-only">answer</h3>
        {account ? (
          <By answerer={account.answerer} onWhy={onWhy} />
        ) : (
          <span className="text-xs text-fg3">answer, taken over</span>
        )}
        <span className="ml-auto" />
        {text && <CopyButton what="the answer" text={text} />}
        {menu}
      </div>
      <AnswerBody text={text} reasoning={reasoning} calls={calls} />
      {end && <p className="mt-2 text-xs text-busy">{end}</p>}
      {account?.trouble && <TroubleView trouble={account.trouble} onAgain={onAgain} />}
      {account && account.figures.ttftMs !== null && <FiguresView figures={account.figures} />}
    </section>
  );
});

/** Ends that need no word have none; failures say theirs in full. */
function endWords({ outcome, finish }: Account): string | null {
  if (outcome === 'stopped') return 'Stopped here. What had come stays.';
  if (outcome === 'left') return 'The page was left before the answer was whole.';
  if (finish === 'length') return 'Ended at the limit of tokens: the answer is cut.';
  if (finish === 'content_filter') return 'The host’s filter ended the answer.';
  return null;
}

function By({ answerer, onWhy }: { answerer: Answerer; onWhy: (dispatchId: string) => void }) {
  const { providerId, model, policy, reason, dispatchId, attempts } = answerer;
  const host = useHostName(providerId ?? '');
  const name = [model, providerId && host].filter(Boolean).join(' on ');
  return (
    <div className="flex min-w-0 items-center text-xs">
      <span className="truncate text-fg2" title={[name, reason].filter(Boolean).join('\n')}>
        {name || 'Nobody answered'}
        {policy && <span className="text-fg3">, chosen by {policy}</span>}
        {attempts !== null && attempts > 1 && <span className="text-busy">, attempt {attempts}</span>}
      </span>
      {dispatchId && (
        <Button
          look="quiet"
          className="h-6! shrink-0 px-2! text-xs! pointer-coarse:h-10!"
          onClick={() => onWhy(dispatchId)}
        >
          Why
        </Button>
      )}
    </div>
  );
}
