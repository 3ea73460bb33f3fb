'use client';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { live } from '../live';
import { asked } from './asked';
import { ownActions } from './own-here';

const ActionDialog = lazy(() => import('./ActionDialog'));
const MaintenanceDialog = lazy(() => import('./MaintenanceDialog'));
const ProfileDialog = lazy(() => import('./ProfileDialog'));
const TakeOverDialog = lazy(() => import('./TakeOverDialog'));

const close = (): void => asked.show(null);

/** What is asked before something is done with a host, over whatever page; fetched when first asked for. */
export function ControlDialogs() {
  const now = useSyncExternalStore(asked.subscribe, asked.get, () => null);
  // External system: the live store, which tells what became of the actions that were asked for here.
  useEffect(() => {
    const own = ownActions();
    own.look();
    let before = live.get().actions;
    return live.subscribe(() => {
      const { actions } = live.get();
      if (actions === before) return;
      before = actions;
      own.look();
    });
  }, []);
  return (
    <Suspense>
      {now?.what === 'action' && <ActionDialog request={now.request} onClose={close} />}
      {now?.what === 'profile' && <ProfileDialog providerId={now.providerId} onClose={close} />}
      {now?.what === 'maintenance' && <MaintenanceDialog providerId={now.providerId} onClose={close} />}
      {now?.what === 'take-over' && <TakeOverDialog providerId={now.providerId} onClose={close} />}
    </Suspense>
  );
}
