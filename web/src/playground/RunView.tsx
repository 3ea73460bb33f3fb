'use client';
import { Button } from '../ui/controls';
import { Chip } from '../ui/marks';
import { AnswerBody } from './AnswerBody';
import type { Run } from './run';
import { FiguresView } from './FiguresView';

const WORDS: Record<Run['phase'], string> = {
  queued: 'Waits its turn',
  waiting: 'Waits for the first token',
  answering: 'Answers',
};

/** The answer that is on its way. */
export function RunView({ run, onStop }: { run: Run; onStop: () => void }) {
  const { phase, text, reasoning, calls, notice, figures } = run;
  const isThinking = phase === 'answering' && text === '' && reasoning !== '';
  return (
    <section aria-label="Answer under way" className="px-1">
      <div className="mb-2 flex items-center gap-3">
        <span role="status">
          <Chip tone="busy" pulses={phase !== 'queued'}>
            {isThinking ? 'Reasons' : WORDS[phase]}
          </Chip>
        </span>
        <Button look="quiet" className="-my-1 ml-auto" onClick={onStop}>
          Stop
        </Button>
      </div>
      {phase === 'queued' && (
        <p className="text-sm text-fg2">Another pane is being answered by the same machine.</p>
      )}
      {phase === 'waiting' && notice && <p className="text-sm text-fg2">{notice}</p>}
      <AnswerBody text={text} reasoning={reasoning} calls={calls} />
      {phase !== 'queued' && <FiguresView figures={figures} />}
    </section>
  );
}
