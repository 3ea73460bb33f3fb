'use client';
import { useSyncExternalStore } from 'react';
import { Button, IconButton } from './controls';
import { CloseIcon } from './icons';
import { createNotices, type Message } from './notice-list';
import { focusContent } from './opener';

const notices = createNotices({ later: (run, ms) => setTimeout(run, ms), cancel: clearTimeout });

/** Says what an action led to. What failed stays until it is closed. */
export const tell = (text: string, failed = false): void => notices.add({ text, failed, undo: null });

/** Says what an action led to, and offers to take it back for a while. */
export const tellUndoable = (text: string, undo: () => void): void =>
  notices.add({ text, failed: false, undo });

const NONE: readonly Message[] = [];

function dismiss(id: number): void {
  focusContent();
  notices.drop(id);
}

/** A polite live region. While the pointer or the focus is on it, nothing in it goes away. */
export function Notices() {
  const shown = useSyncExternalStore(notices.subscribe, notices.get, () => NONE);
  return (
    <div
      role="status"
      onPointerEnter={notices.hold}
      onPointerLeave={notices.release}
      onFocus={notices.hold}
      onBlur={notices.release}
      className="fixed right-4 bottom-20 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 md:bottom-4"
    >
      {shown.map(({ id, text, failed, undo }) => (
        <div
          key={id}
          className={`flex animate-slide-in items-start gap-2 rounded-lg border bg-s2 py-2 pr-2 pl-4 text-sm shadow-(--shadow) ${failed ? 'border-error/60' : 'border-line-strong'}`}
        >
          <p className="min-w-0 flex-1 py-1.5">{text}</p>
          {undo && (
            <Button
              look="quiet"
              className="text-accent!"
              onClick={() => {
                dismiss(id);
                undo();
              }}
            >
              Undo
            </Button>
          )}
          <IconButton label="Dismiss" onClick={() => dismiss(id)}>
            <CloseIcon className="size-4" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
