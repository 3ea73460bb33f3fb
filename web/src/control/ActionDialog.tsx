'use client';
import type { ActionPreview, ActionRequest, Problem } from '@boocontrol/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, messageOf } from '../api/client';
import { plural } from '../format/number';
import { useHost, useLease, useOpenActions, useProvider } from '../live';
import { ModelBadges } from '../models/ModelBadges';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { tell } from '../ui/notices';
import { newKey, preview as askPreview, submit } from './calls';
import { hostName, useHostName } from './names';
import { ownActions } from './own-here';
import { PreviewView } from './PreviewView';
import { RefusalView } from './RefusalView';
import { insistWords } from './refusal';
import { actionWords } from './words';

interface ActionDialogProps {
  request: ActionRequest;
  onClose: () => void;
}

interface Asked {
  preview: ActionPreview | null;
  /** Why there is none. */
  error: string | null;
}

/** What an action would do, before it is asked for; what stands against it, and the way out. */
export default function ActionDialog({ request, onClose }: ActionDialogProps) {
  const host = useHostName(request.providerId);
  const { verb } = actionWords(request);
  const occasion = useOccasion(request.providerId);
  const [{ preview, error }, askAgain] = usePreview(request, occasion);
  // What the queue said when it was asked for; the dry run may be older.
  const [refused, setRefused] = useState<{ problem: Problem; occasion: string } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [key] = useState(newKey);
  const busy = useRef(false);

  const against = (refused?.occasion === occasion ? refused.problem : preview?.refusal) ?? null;
  const insists = against?.requiresConfirmation === true;
  const blocked = against !== null && !insists;
  const label = insists ? insistWords(against, verb) : verb;
  const waiting = preview === null && error === null;
  const isSettled = useSettled(waiting ? null : label);

  const again = (): void => {
    setRefused(null);
    setFailed(null);
    askAgain();
  };
  const run = async (): Promise<void> => {
    if (busy.current || waiting || blocked || !isSettled()) return;
    busy.current = true;
    setSending(true);
    setFailed(null);
    try {
      const { action, ahead } = await submit(request, key, insists);
      if (action.endedAt === null)
        tell(
          `${verb}: ${hostName(request.providerId)} has it in its queue.${ahead ? ` ${plural(ahead, 'action')} first.` : ''}`,
        );
      ownActions().expect(action);
      onClose();
    } catch (problem) {
      if (problem instanceof ApiError && problem.status >= 400 && problem.status < 500)
        setRefused({ problem: problem.problem, occasion });
      else setFailed(`${messageOf(problem)} Asking again does nothing twice.`);
    }
    busy.current = false;
    setSending(false);
  };

  return (
    <Dialog title={`${verb} on ${host}?`} onClose={onClose}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {'model' in request && <ModelBadges places={[request]} />}
        <div role="status" className="flex min-h-11 flex-col gap-4">
          {waiting && <p className="text-fg2">Asking what this would do on {host}…</p>}
          {error !== null && (
            <p>What this would do could not be found out. {error} It can be done all the same.</p>
          )}
          {preview && <PreviewView preview={preview} kind={request.kind} />}
          {against && <RefusalView problem={against} request={request} onSettled={again} />}
        </div>
        {failed && (
          <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm">
            {failed}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4 max-sm:flex-col-reverse">
          {(blocked || error !== null) && (
            <Button className="sm:mr-auto" onClick={again}>
              Look again
            </Button>
          )}
          <Button onClick={onClose}>Leave it</Button>
          {!blocked && (
            <Button
              look={insists ? 'danger' : 'primary'}
              // It keeps the focus while it cannot be pressed.
              aria-disabled={waiting || sending}
              title={label}
              className="max-w-full min-w-0 aria-disabled:opacity-50"
              onClick={() => void run()}
            >
              <span className="truncate">{label}</span>
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** What decides whether a host can be told something: when it changes, the dry run is asked for anew. */
function useOccasion(providerId: string): string {
  const open = useOpenActions(providerId).length;
  const lease = useLease(providerId)?.id;
  const maintenance = useProvider(providerId)?.maintenance?.since;
  const liveness = useHost(providerId).liveness?.state;
  return JSON.stringify([open, lease, maintenance, liveness]);
}

/** As long as a hand needs to see that a button says something else now. */
const SETTLED_MS = 700;

/** Whether the button has said the same for long enough: the second press of a double one must not confirm what the first was refused. @param label null: it cannot be pressed */
function useSettled(label: string | null): () => boolean {
  const before = useRef(label);
  const changedMs = useRef(-Infinity);
  useEffect(() => {
    if (before.current !== null && before.current !== label) changedMs.current = performance.now();
    before.current = label;
  }, [label]);
  return () => performance.now() - changedMs.current >= SETTLED_MS;
}

/** The dry run as it was told last; the one from before stays until there is a newer. */
function usePreview(request: ActionRequest, occasion: string): [Asked, () => void] {
  const [turn, setTurn] = useState(0);
  const [told, setTold] = useState<Asked>({ preview: null, error: null });
  // External system: the gateway.
  useEffect(() => {
    const stop = new AbortController();
    askPreview(request, stop.signal).then(
      (preview) => setTold({ preview, error: null }),
      (error: unknown) => {
        if (!stop.signal.aborted) setTold({ preview: null, error: messageOf(error) });
      },
    );
    return () => stop.abort();
  }, [request, turn, occasion]);
  const again = useCallback(() => {
    setTold({ preview: null, error: null });
    setTurn((before) => before + 1);
  }, []);
  return [told, again];
}
