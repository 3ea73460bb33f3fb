'use client';
import type { RouteAttempt } from '@boocontrol/contracts';
import { bytes, duration, spoken } from '../format/number';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { attemptWords } from './dispatch-words';
import { Part } from '../ui/Part';
import { Target } from './parts';

const took = (ms: number | null): string => spoken(duration(ms));

interface AttemptsProps {
  attempts: readonly RouteAttempt[];
  /** Absent: how many there are. */
  title?: string;
}

/** Who was asked, one after the other, and what came of it. */
export function Attempts({ attempts, title }: AttemptsProps) {
  if (attempts.length === 0) return <Part title="Attempts">Nothing was sent to any host.</Part>;
  return (
    <Part title={title ?? (attempts.length === 1 ? 'One attempt' : `${attempts.length} attempts`)}>
      <ol className="divide-y rounded-lg border text-sm">
        {attempts.map((attempt, i) => {
          const { tone, text } = attemptWords(attempt);
          return (
            <li key={i} className="grid grid-cols-[1.25rem_1fr_auto] gap-x-2 px-3 py-2">
              <span className="num text-fg3">{i + 1}</span>
              <Target {...attempt} />
              <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${toneText[tone]}`}>
                <Mark tone={tone} />
                {text}
              </span>
              <span className="num col-start-2 col-end-4 text-xs text-fg2 [overflow-wrap:anywhere]">
                {attempt.firstByteMs !== null && `first byte after ${took(attempt.firstByteMs)}, `}
                {took(attempt.durationMs)} in all, {spoken(bytes(attempt.bytes))}
                {attempt.message !== null && <span className="block">{attempt.message}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </Part>
  );
}
