'use client';
import { useRouter } from 'next/navigation';
import { lazy, Suspense, useEffect, useRef, useSyncExternalStore } from 'react';
import { isTaken } from '../browser/keys';
import { goWithin } from '../browser/query';
import { overlay } from './overlay';
import type { Entry } from './palette';

const CommandPalette = lazy(() => import('./CommandPalette'));
const KeyboardMap = lazy(() => import('./KeyboardMap'));

const close = (): void => overlay.show(null);

/** Ctrl or Cmd with K, and `?`; fetched when first asked for. */
export function Overlays() {
  const router = useRouter();
  const open = useSyncExternalStore(overlay.subscribe, overlay.get, () => null);
  const chosen = useRef<Entry['does'] | null>(null);
  // External system: the keyboard, wherever on the page the focus is.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k')
        overlay.show(overlay.get() === 'palette' ? null : 'palette');
      else if (event.key === '?' && !isTaken(event)) overlay.show('keys');
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  // What was chosen is done once the palette is gone and the focus is back: it may open something itself.
  useEffect(() => {
    const does = chosen.current;
    if (open !== null || !does) return;
    chosen.current = null;
    queueMicrotask(() => {
      if ('run' in does) does.run();
      else if (new URL(does.href, location.href).pathname === location.pathname) goWithin(does.href);
      else router.push(does.href);
    });
  }, [open, router]);
  return (
    <Suspense>
      {open === 'palette' && (
        <CommandPalette
          onClose={close}
          onChoose={({ does }) => {
            chosen.current = does;
            close();
          }}
        />
      )}
      {open === 'keys' && <KeyboardMap onClose={close} />}
    </Suspense>
  );
}
