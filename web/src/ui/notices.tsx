'use client';
import { CloseIcon } from './icons';
import { useSyncExternalStore } from 'react';
import { IconButton } from './controls';

interface Message {
  id: number;
  text: string;
  failed: boolean;
}
let messages: readonly Message[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const SHOWN_MS = 6000;

function set(next: readonly Message[]): void {
  messages = next;
  for (const listener of listeners) listener();
}
const drop = (id: number): void => set(messages.filter((message) => message.id !== id));

/** Says what an action led to. What failed stays until it is closed. */
export function tell(text: string, failed = false): void {
  const id = nextId++;
  set([...messages.slice(-2), { id, text, failed }]);
  if (!failed) setTimeout(() => drop(id), SHOWN_MS);
}

const NONE: readonly Message[] = [];
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Notices() {
  const shown = useSyncExternalStore(
    subscribe,
    () => messages,
    () => NONE,
  );
  return (
    <div
      role="status"
      className="fixed right-4 bottom-20 z-40 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 md:bottom-4"
    >
      {shown.map(({ id, text, failed }) => (
        <div
          key={id}
          className={`flex animate-slide-in items-start gap-2 rounded-lg border bg-s2 py-2 pr-2 pl-4 text-sm shadow-(--shadow) ${failed ? 'border-error/60' : 'border-line-strong'}`}
        >
          <p className="min-w-0 flex-1 py-1.5">{text}</p>
          <IconButton label="Dismiss" onClick={() => drop(id)}>
            <CloseIcon className="size-4" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
