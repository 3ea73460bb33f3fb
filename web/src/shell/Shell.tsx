'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { session } from '../api/session';
import { clock } from '../format/time';
import { connection, live, serverNow, useLive } from '../live';
import { announcements } from './announce';
import { lostWords } from './lost';
import { FullText } from '../ui/FullText';
import { Notices } from '../ui/notices';
import { ControlDialogs } from '../control/ControlDialogs';
import { BottomBar } from './BottomBar';
import { Login } from './Login';
import { Overlays } from './Overlays';
import { Rail } from './Rail';
import { TopStrip } from './TopStrip';

export function Shell({ children }: { children: ReactNode }) {
  const path = usePathname();
  const access = useSyncExternalStore(session.subscribe, session.get, () => 'unknown' as const);
  // External systems: the gateway's session, and the socket once it may be opened.
  useEffect(() => void session.check(), []);
  useEffect(() => {
    if (access === 'open') connection.start();
  }, [access]);
  if (access === 'locked') return <Login />;
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded bg-s3 px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <Rail path={path} />
      <BottomBar path={path} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopStrip />
        <LostBanner />
        {/* It holds what is placed absolutely, texts for screen readers too: else they make the document taller than the screen. */}
        <main id="content" tabIndex={-1} className="relative min-h-0 flex-1 overflow-y-auto outline-none">
          {children}
        </main>
      </div>
      <Notices />
      <FullText />
      <Overlays />
      <ControlDialogs />
      <Announcer />
    </div>
  );
}

function LostBanner() {
  const { phase, sinceMs, bye } = useLive(({ link }) => link);
  return (
    <div role="status">
      {phase === 'lost' && (
        <p className="border-b border-error/50 bg-error/12 px-4 py-2 text-sm text-fg md:px-6">
          {lostWords(bye)} What is shown here is from {clock(sinceMs, Date.now())}.
        </p>
      )}
    </div>
  );
}

function Announcer() {
  // External system: the live region that a screen reader watches.
  useEffect(() => {
    let before = live.get().fleet?.hosts ?? {};
    return live.subscribe(() => {
      const { fleet, providers, marks } = live.get();
      const after = fleet?.hosts ?? {};
      const text = announcements(before, after, providers, marks, serverNow());
      before = after;
      const region = document.getElementById('announcer');
      if (text && region) region.textContent = text;
    });
  }, []);
  return <div id="announcer" aria-live="polite" className="sr-only" />;
}
