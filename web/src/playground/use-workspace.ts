'use client';
import type { ActivityEntry } from '@boocontrol/contracts';
import { useCallback, useEffect, useState } from 'react';
import { api, messageOf } from '../api/client';
import { session } from '../api/session';
import { keep, kept } from '../browser/kept';
import { tell } from '../ui/notices';
import { Desk } from './desk';
import { takeCapture } from './from-capture';
import { Keeper } from './keeper';
import { machineNow } from './machine-now';
import { newSheet } from './run';
import { Sheets, type Head } from './sheets';
import type { Sheet } from './types';

/** Where this browser keeps which sheet was open last. */
const LAST_KEY = 'boo-playground-sheet';
/** What a new sheet asks: it is always there. */
const FIRST_MODEL = 'auto';

/** The desk, and the drawer that its sheets are kept in. */
export interface Workspace {
  desk: Desk;
  keeper: Keeper | null;
  sheets: Sheets | null;
}

async function openWorkspace(from: string | null, onKept: () => void): Promise<Workspace> {
  const sheets = await Sheets.open();
  const last = kept(LAST_KEY);
  const found = sheets && last ? await sheets.read(last).catch(() => null) : null;
  const sheet = (from ? await taken(from) : null) ?? found ?? newSheet(undefined, [FIRST_MODEL]);
  const desk = new Desk(sheet, { machineOf: machineNow, onLocked: () => void session.check() });
  const keeper =
    sheets &&
    new Keeper(desk, sheets, {
      onKept: (id) => {
        keep(LAST_KEY, id);
        onKept();
      },
      onCopied: () => tell('Another page has changed this conversation. What is here goes on as a copy.'),
      onFailed: () => tell('This browser could not keep the conversation: it may have no room left.', true),
    });
  return { desk, keeper, sheets };
}

/** A captured request as a sheet; null: it cannot be one, which is told. */
async function taken(key: string): Promise<Sheet | null> {
  try {
    const capture = takeCapture(await api<ActivityEntry>(`/activity/${encodeURIComponent(key)}`));
    if (capture.ok) {
      if (capture.left.length > 0) tell(`Left out: ${capture.left.join(', ')}.`);
      return { ...newSheet(capture.settings), panes: [capture.pane] };
    }
    tell(`It can’t be opened here. ${capture.why}`, true);
  } catch (error) {
    tell(`The request can’t be opened here. ${messageOf(error)}`, true);
  }
  return null;
}

/** null until what was kept is there. @param from the key of a captured request to begin with */
export function useWorkspace(from: string | null) {
  const [workspace, setWorkspace] = useState<Workspace | null>(null);
  const [heads, setHeads] = useState<readonly Head[]>([]);
  const list = useCallback(
    async (sheets: Sheets | null) => setHeads((await sheets?.list().catch(() => [])) ?? []),
    [],
  );

  // External systems: the database of the browser, and requests that must not outlive the page.
  useEffect(() => {
    let isGone = false;
    let opened: Workspace | null = null;
    const leave = (): Promise<void> => {
      opened?.desk.stop(undefined, 'left');
      return opened?.keeper?.flush() ?? Promise.resolve();
    };
    const onPageHide = (): void => void leave();
    void openWorkspace(from, () => void list(opened?.sheets ?? null)).then((made) => {
      opened = made;
      if (isGone) return made.sheets?.close();
      setWorkspace(made);
      return list(made.sheets);
    });
    addEventListener('pagehide', onPageHide);
    return () => {
      isGone = true;
      removeEventListener('pagehide', onPageHide);
      void leave().then(() => {
        opened?.keeper?.stop();
        opened?.sheets?.close();
      });
    };
  }, [from, list]);

  const lay = useCallback(
    async (next: () => Promise<Sheet | null>) => {
      if (!workspace) return;
      const { desk, keeper } = workspace;
      desk.stop();
      await keeper?.flush();
      const sheet = await next();
      if (!sheet) return tell('This conversation cannot be read any more.', true);
      desk.open(sheet);
      keeper?.begin(sheet);
      keep(LAST_KEY, sheet.id);
    },
    [workspace],
  );
  const begin = (): Promise<void> =>
    lay(() => {
      const { panes, settings } = workspace?.desk.get().sheet ?? newSheet();
      return Promise.resolve(
        newSheet(
          settings,
          panes.map(({ model }) => model),
        ),
      );
    });
  const open = (id: string): Promise<void> => lay(async () => (await workspace?.sheets?.read(id)) ?? null);
  const remove = async (id: string): Promise<void> => {
    if (workspace?.desk.get().sheet.id === id) await begin();
    await workspace?.sheets?.remove(id);
    await list(workspace?.sheets ?? null);
  };
  return { workspace, heads, begin, open, remove };
}
