'use client';
import { Button } from '../ui/controls';
import type { Trouble } from './types';

/** What happened, as it was told, and what to do. @param onAgain null: not now */
export function TroubleView({ trouble, onAgain }: { trouble: Trouble; onAgain: (() => void) | null }) {
  const { title, message, advice } = trouble;
  return (
    <div role="alert" className="mt-2 rounded-md bg-error/12 px-3 py-2 text-sm [overflow-wrap:anywhere]">
      <p className="font-medium">{title}</p>
      {message && <p className="mt-0.5 whitespace-pre-wrap text-fg2">{message}</p>}
      <p className="mt-0.5">{advice}</p>
      {onAgain && (
        <Button className="mt-2" onClick={onAgain}>
          Ask again
        </Button>
      )}
    </div>
  );
}
