'use client';
import { readAnswer, type Answer } from '@boocontrol/fleet-model';
import { AnswerView } from '../AnswerView';
import { useLive } from '../../live';
import { shownModel } from '../../playground/choices';
import { TroubleView } from '../../playground/TroubleView';
import { Plain } from '../../texts/Bubble';
import { Button, IconButton } from '../../ui/controls';
import { CloseIcon } from '../../ui/icons';
import { Chip } from '../../ui/marks';
import { PageLink } from '../../shell/PageLink';
import { differences } from './differences';
import type { Replay } from './replays';

/** As far as it has come; null: nothing that is known. */
export function shownAnswer({ request }: Replay): Answer | null {
  if (!request || request.raw === '' || request.status === null || request.status >= 400) return null;
  const type = request.headers.find(([name]) => name === 'content-type')?.[1] ?? null;
  return readAnswer(request.raw, type);
}

interface ReplayColumnProps {
  replay: Replay;
  answer: Answer | null;
  /** null: nothing to compare with. */
  original: Answer | null;
  documents: readonly string[];
  onSend: () => void;
  onStop: () => void;
  onRemove: () => void;
}

/** One replay: whom it goes to, its answer, and how that differs. */
export function ReplayColumn(props: ReplayColumnProps) {
  const { replay, answer, original, documents, onSend, onStop, onRemove } = props;
  const { model, phase, request, account } = replay;
  const providers = useLive((state) => state.providers);
  const { name, host } = shownModel(model, providers);
  const label = host ? `${name} on ${host}` : name;
  const isUnderWay = phase === 'queued' || phase === 'under way';
  const dispatchId = account?.answerer.dispatchId;
  return (
    <section aria-label={`Replay by ${label}`} data-testid="replay" className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-9 items-center gap-2">
        <h3 className="min-w-0 flex-1 truncate text-sm font-medium" title={model}>
          {label}
        </h3>
        {isUnderWay && (
          <Button look="quiet" onClick={onStop}>
            Stop
          </Button>
        )}
        {phase === 'over' && !account?.trouble && (
          <Button look="quiet" onClick={onSend}>
            Send again
          </Button>
        )}
        <IconButton label={`Remove ${label}`} onClick={onRemove}>
          <CloseIcon className="size-4" />
        </IconButton>
      </div>
      {phase === 'chosen' && <Plain>Not sent yet.</Plain>}
      {isUnderWay && (
        <p role="status" className="flex items-center gap-2 text-sm text-fg2">
          <Chip tone="busy" pulses={phase !== 'queued'}>
            {phase === 'queued' ? 'Waits its turn' : answer ? 'Answers' : 'Waits for the first token'}
          </Chip>
          {phase === 'queued' ? 'Another replay is on the same machine.' : request?.notice}
        </p>
      )}
      {answer && (
        <AnswerView answer={answer} cut={isUnderWay || account?.outcome !== 'done'} documents={documents} />
      )}
      {account?.trouble && <TroubleView trouble={account.trouble} onAgain={onSend} />}
      {account?.outcome === 'stopped' && (
        <p className="text-xs text-busy">Stopped here. What had come stays.</p>
      )}
      {account?.outcome === 'done' && (
        <ul aria-label="Differences" className="flex flex-col gap-1 text-sm">
          {differences(original, answer).map((sentence) => (
            <li key={sentence} className="[overflow-wrap:anywhere]">
              {sentence}
            </li>
          ))}
        </ul>
      )}
      {dispatchId && (
        <PageLink
          href={`/routing/?dispatch=${encodeURIComponent(dispatchId)}`}
          className="text-xs text-accent underline pointer-coarse:py-3"
        >
          How it was decided
        </PageLink>
      )}
    </section>
  );
}
