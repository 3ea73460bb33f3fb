'use client';
import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { keep, useKeptChoice } from '../browser/kept';
import { useMedia } from '../browser/media';
import { useDrawer } from '../browser/use-drawer';
import { hostName } from '../control/names';
import { useLive } from '../live';
import { PageHead } from '../page/PageHead';
import { Button, IconButton } from '../ui/controls';
import { ActionsIcon } from '../ui/icons';
import { Composer } from './Composer';
import { KeptList } from './KeptList';
import { orderWords } from './lanes';
import { machineNow } from './machine-now';
import { PaneGrid } from './PaneGrid';
import { Parameters } from './Parameters';
import { setCount } from './settings';
import { isEmpty, type Head } from './sheets';
import { newPane } from './turns';
import { MOST_PANES } from './types';
import type { Workspace } from './use-workspace';

const Drawer = lazy(() => import('../ui/Drawer').then((module) => ({ default: module.Drawer })));
const Dispatch = lazy(() => import('../dispatch/Dispatch').then((module) => ({ default: module.Dispatch })));

const PARAMETERS_KEY = 'boo-playground-parameters';

interface WorkbenchProps {
  workspace: Workspace;
  heads: readonly Head[];
  begin: () => Promise<void>;
  open: (id: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

/** The sheet that lies open: its panes, its parameters, and where the next message is written. */
export function Workbench({ workspace, heads, begin, open, remove }: WorkbenchProps) {
  const { desk, sheets } = workspace;
  const { sheet, runs, problems } = useSyncExternalStore(desk.subscribe, desk.get, desk.get);
  const isWide = useMedia('(width >= 80rem)');
  const isNarrow = useMedia('(width < 48rem)');
  const [kept] = useKeptChoice(PARAMETERS_KEY);
  const [isOver, setOver] = useState(false);
  const why = useDrawer('dispatch');
  const field = useRef<HTMLTextAreaElement>(null);
  const { panes, settings } = sheet;
  const running = Object.keys(runs).length;
  const free = panes.filter(({ id, model }) => !runs[id] && model !== '').length;
  const providers = useLive((state) => state.providers);
  const models = panes.map(({ model }) => model).join('\n');
  const order = useMemo(
    () =>
      providers &&
      orderWords(
        models.split('\n').map((model) => ({ model })),
        machineNow,
        hostName,
      ),
    [models, providers],
  );
  const hasProblems = Object.keys(problems).length > 0;
  const isBeside = isWide && kept !== 'closed';
  const showParameters = (): void => (isWide ? keep(PARAMETERS_KEY, null) : setOver(true));
  useEscape(() => desk.stop(), running > 0);
  // External system: the focus. A finger would call the keyboard up.
  useEffect(() => {
    if (!matchMedia('(pointer: coarse)').matches) field.current?.focus({ preventScroll: true });
  }, [sheet.id]);
  const parameters = (
    <Parameters
      settings={settings}
      problems={problems}
      onChange={(changed) => desk.change({ settings: changed })}
    />
  );
  return (
    <div className="flex h-full flex-col">
      <PageHead title="Playground">
        {panes.length < MOST_PANES && !isNarrow && (
          <Button onClick={() => desk.addPane(newPane(panes.at(-1)?.model ?? ''))}>Add a pane</Button>
        )}
        <Button disabled={isEmpty(sheet)} onClick={() => void begin()}>
          New
        </Button>
        <KeptList
          heads={heads}
          opened={sheet.id}
          isKept={sheets !== null}
          onOpen={(id) => void open(id)}
          onRemove={(id) => void remove(id)}
        />
        {isNarrow ? (
          <IconButton label="Parameters" aria-expanded={isOver} onClick={showParameters}>
            <ActionsIcon className="size-5" />
          </IconButton>
        ) : (
          <Button
            aria-expanded={isBeside || isOver}
            onClick={() => (isBeside ? keep(PARAMETERS_KEY, 'closed') : showParameters())}
          >
            Parameters{setCount(settings) > 0 ? ` (${setCount(settings)})` : ''}
          </Button>
        )}
      </PageHead>
      <div className="flex min-h-0 flex-1 border-t">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <p role="status" className="sr-only">
            {running === 0 && !isEmpty(sheet) ? 'No answer is on its way.' : ''}
          </p>
          <PaneGrid desk={desk} panes={panes} runs={runs} onWhy={why.open} />
          <Composer
            desk={desk}
            prompt={sheet.prompt}
            running={running}
            free={free}
            order={order}
            isWrong={hasProblems}
            onShowParameters={showParameters}
            field={field}
          />
        </div>
        {isBeside && (
          <aside aria-label="Parameters" className="w-80 shrink-0 overflow-y-auto border-l px-4 py-3">
            {parameters}
          </aside>
        )}
      </div>
      <Suspense>
        {isOver && !isBeside && (
          <Drawer title="Parameters" onClose={() => setOver(false)}>
            {parameters}
          </Drawer>
        )}
        {why.opened !== null && (
          <Drawer title="Who answered, and why" isText onClose={why.close}>
            <Dispatch id={why.opened} />
          </Drawer>
        )}
      </Suspense>
    </div>
  );
}

/** Esc, unless something that lies over the page takes it. External system: the keyboard, wherever the focus is. */
function useEscape(act: () => void, isOn: boolean): void {
  const newest = useRef(act);
  useEffect(() => {
    newest.current = act;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { target, key, defaultPrevented } = event;
      if (key !== 'Escape' || defaultPrevented) return;
      if (target instanceof Element && target.closest('[role=dialog], [role=menu], [role=listbox]')) return;
      newest.current();
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOn]);
}
