'use client';
import { readAnswer, readConversation } from '@boocontrol/fleet-model';
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { StoryProps } from '../story/story';
import { AnswerView } from '../AnswerView';
import { machineNow } from '../../playground/machine-now';
import { useRooms } from '../../live/rooms';
import type { Room } from '@boocontrol/contracts';
import { plural } from '../../format/number';
import { Plain } from '../../texts/Bubble';
import { Button } from '../../ui/controls';
import { comparedRow } from './compared';
import { ReplayColumn, shownAnswer } from './ReplayColumn';
import { ReplayFigures } from './ReplayFigures';
import { replayable, type Replayable } from './replayable';
import { MOST_REPLAYS, Replays } from './replays';
import { SentBody } from './SentBody';

const ModelPicker = lazy(() => import('../../playground/ModelPicker'));

const ROOMS: readonly Room[] = ['fleet'];

/** A captured request, sent again to any host and model, and its answers beside the original. */
export default function ReplayView(props: StoryProps) {
  const found = useMemo(() => replayable(props.entry), [props.entry]);
  if (!found.ok) return <Plain>It can’t be sent again. {found.why}</Plain>;
  return <Desk {...props} source={found} />;
}

function Desk({ entry, nameOf, source }: StoryProps & { source: Extract<Replayable, { ok: true }> }) {
  useRooms(ROOMS);
  const { row, capture } = entry;
  const [replays] = useState(() => {
    const made = new Replays(source, { machineOf: machineNow });
    made.add(`${row.providerId}/${row.model}`);
    return made;
  });
  const list = useSyncExternalStore(replays.subscribe, replays.get, replays.get);
  const [isPicking, setPicking] = useState(false);
  // External system: requests must not outlive the view.
  useEffect(() => () => replays.stop(), [replays]);
  const respBody = capture?.respBody;
  const original = useMemo(
    () => (respBody?.encoding === 'utf8' ? readAnswer(respBody.data, row.respContentType) : null),
    [respBody, row.respContentType],
  );
  const documents = useMemo(
    () => readConversation(capture?.reqBody?.data ?? '')?.documents ?? [],
    [capture?.reqBody],
  );
  const chosen = list.filter(({ phase }) => phase === 'chosen');
  const columns = list.map((replay) => ({ replay, answer: shownAnswer(replay) }));
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-fg2">
        The body goes out as the host got it, only <code className="font-mono text-xs">model</code> is another
        one; its headers do not. It goes through <code className="font-mono text-xs">/v1</code> as the
        consumer <code className="font-mono text-xs">replay</code>, so it may load a model, wait, or be
        refused, like any other request.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" disabled={chosen.length === 0} onClick={() => replays.sendAll()}>
          {chosen.length > 1 ? `Send ${plural(chosen.length, 'request')}` : 'Send'}
        </Button>
        {list.length < MOST_REPLAYS && <Button onClick={() => setPicking(true)}>Add a host and model</Button>}
        <SentBody path={source.path} bodyFor={source.bodyFor} model={list[0]?.model ?? row.model} />
      </div>
      <ReplayFigures original={comparedRow(row)} replays={list} />
      <div className="grid grid-cols-1 gap-3 sm:auto-cols-[minmax(17rem,1fr)] sm:grid-flow-col sm:grid-cols-none sm:overflow-x-auto">
        <section aria-label="Original" data-testid="original" className="flex min-w-0 flex-col gap-3">
          <h3 className="min-h-9 truncate text-sm leading-9">
            <span className="font-medium">Original</span>{' '}
            <span className="text-fg3">
              {row.model} on {nameOf(row.providerId)}
            </span>
          </h3>
          {original ? (
            <AnswerView answer={original} cut={respBody?.cut ?? false} documents={documents} />
          ) : (
            <Plain>
              {respBody ? 'Its answer can’t be shown as text. See Raw.' : 'Its answer was not kept.'}
            </Plain>
          )}
          {respBody?.cut && (
            <p className="text-xs text-busy">It was cut when it was kept: its end is missing.</p>
          )}
        </section>
        {columns.map(({ replay, answer }) => (
          <ReplayColumn
            key={replay.id}
            replay={replay}
            answer={answer}
            original={respBody?.cut ? null : original}
            documents={documents}
            onSend={() => replays.send(replay.id)}
            onStop={() => replays.stop(replay.id)}
            onRemove={() => replays.remove(replay.id)}
          />
        ))}
      </div>
      {isPicking && (
        <Suspense>
          <ModelPicker
            label="Host and model of the replay"
            isExact
            isAnyKind={source.isAnyKind}
            onChoose={(model) => replays.add(model)}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
