export interface Message {
  id: number;
  text: string;
  failed: boolean;
  /** Takes the action back; null: it cannot be. */
  undo: (() => void) | null;
}

const SHOWN_MS = 6000;
/** Long enough to read, decide and reach the button. */
const UNDO_MS = 12_000;
const MOST = 3;

interface Clock<Timer> {
  later: (run: () => void, ms: number) => Timer;
  cancel: (timer: Timer) => void;
}

/** What has been said lately. Each goes by itself after a while, but for what failed, and never while it is held. */
export function createNotices<Timer>({ later, cancel }: Clock<Timer>) {
  let messages: readonly Message[] = [];
  let nextId = 1;
  let held = false;
  const timers = new Map<number, Timer>();
  const listeners = new Set<() => void>();

  const set = (next: readonly Message[]): void => {
    messages = next;
    for (const listener of listeners) listener();
  };
  const stop = (id: number): void => {
    const timer = timers.get(id);
    if (timer !== undefined) cancel(timer);
    timers.delete(id);
  };
  const drop = (id: number): void => {
    stop(id);
    // What is gone is not held any more.
    if (messages.length === 1) held = false;
    set(messages.filter((message) => message.id !== id));
  };
  const start = ({ id, failed, undo }: Message): void => {
    if (failed || held) return;
    stop(id);
    timers.set(
      id,
      later(() => drop(id), undo ? UNDO_MS : SHOWN_MS),
    );
  };

  return {
    get: (): readonly Message[] => messages,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(said: Omit<Message, 'id'>): void {
      const message = { ...said, id: nextId++ };
      for (const { id } of messages.slice(0, -(MOST - 1))) stop(id);
      set([...messages.slice(-(MOST - 1)), message]);
      start(message);
    },
    drop,
    hold(): void {
      held = true;
      for (const { id } of messages) stop(id);
    },
    release(): void {
      held = false;
      for (const message of messages) start(message);
    },
  };
}
