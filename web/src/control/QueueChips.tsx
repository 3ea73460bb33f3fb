'use client';
import type { Action } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { useState } from 'react';
import { span } from '../format/time';
import { useFleetTick, useIsLost, useLive, useOpenActions } from '../live';
import { IconButton } from '../ui/controls';
import { CloseIcon } from '../ui/icons';
import { Mark } from '../ui/marks';
import { takeBack } from './calls';
import { useHostName } from './names';
import { actionWords, progressWords, STATES } from './words';

/** What has just ended stays to be seen for so long. */
const LINGERS_MS = 10_000;

/** The queue of a host: what runs, how far it is, and what waits for its turn. Nothing when nothing is under way. */
export function QueueChips({ providerId, detailed = false }: { providerId: string; detailed?: boolean }) {
  const open = useOpenActions(providerId);
  const last = useLive(({ actions }) => actions?.ended.find((action) => action.providerId === providerId));
  const lingers = useFleetTick(
    (nowMs) => last?.endedAt != null && nowMs - instantToMs(last.endedAt) < LINGERS_MS,
  );
  const host = useHostName(providerId);
  const trouble = useLive(({ actions }) => actions?.trouble ?? null);
  const stale = useIsLost() || trouble !== null;
  if (open.length === 0 && !lingers) return null;
  return (
    <ol
      aria-label={`Actions of ${host}`}
      title={trouble ?? undefined}
      className={`flex min-w-0 flex-wrap gap-1.5 ${stale ? 'stale' : ''}`}
    >
      {last && lingers && <EndedChip action={last} />}
      {open.map((action, index) =>
        action.state === 'started' ? (
          <RunningChip key={action.id} action={action} detailed={detailed} />
        ) : (
          <WaitingChip key={action.id} action={action} place={index + 1} />
        ),
      )}
    </ol>
  );
}

const CHIP =
  'inline-flex h-7 pointer-coarse:h-10 max-w-full min-w-0 items-center gap-1.5 rounded-full border px-2.5 text-xs whitespace-nowrap';

const asker = ({ source }: Action): string => `asked for by ${source}`;

function RunningChip({ action, detailed }: { action: Action; detailed: boolean }) {
  const lost = useIsLost();
  const elapsed = useFleetTick((nowMs) =>
    action.startedAt === null ? '' : span(nowMs - instantToMs(action.startedAt)).replace('now', '0 s'),
  );
  const { doing } = actionWords(action);
  const progress = progressWords(action);
  return (
    <li
      data-action={action.id}
      title={[doing, progress, asker(action)].filter(Boolean).join('\n')}
      className={`${CHIP} border-busy/50 bg-busy/12`}
    >
      <Mark tone="busy" pulses={!lost} />
      <span className="min-w-0 truncate font-medium">{doing}</span>
      <span className="num shrink-0 text-fg2">{elapsed}</span>
      {progress && (
        <span
          // Gives way first.
          className={`min-w-0 shrink-[1000] truncate text-fg3 ${detailed ? 'max-w-80 font-mono text-2xs' : 'max-w-24'}`}
        >
          {progress}
        </span>
      )}
    </li>
  );
}

function WaitingChip({ action, place }: { action: Action; place: number }) {
  const [asking, setAsking] = useState(false);
  const { verb } = actionWords(action);
  return (
    <li
      data-action={action.id}
      title={`${verb}\n${asker(action)}`}
      className={`${CHIP} border-line-strong border-dashed bg-s2 pr-0.5! text-fg2`}
    >
      <span className="num text-fg3">{place}.</span>
      <span className="truncate">{verb}</span>
      <IconButton
        label={`Take back: ${verb}`}
        aria-disabled={asking}
        className="size-6! rounded-full! aria-disabled:opacity-50 pointer-coarse:size-10!"
        onClick={() => {
          if (asking) return;
          setAsking(true);
          void takeBack(action).then(() => setAsking(false));
        }}
      >
        <CloseIcon className="size-3.5" />
      </IconButton>
    </li>
  );
}

function EndedChip({ action }: { action: Action }) {
  const { tone, word } = STATES[action.state];
  const { verb } = actionWords(action);
  return (
    <li
      data-action={action.id}
      title={[`${verb}: ${word}`, action.reason?.message].filter(Boolean).join('\n')}
      className={`${CHIP} bg-s2 text-fg2`}
    >
      <Mark tone={tone} />
      <span className="truncate">{verb}</span>
      <span className="shrink-0">{word}</span>
    </li>
  );
}
