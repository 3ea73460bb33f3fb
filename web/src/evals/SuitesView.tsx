'use client';
import type { EvalSuiteHead, EvalSuites } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useState } from 'react';
import { refresh, useResource } from '../api/resource';
import { goWithin } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { count, plural } from '../format/number';
import { Ago } from '../live/Ago';
import { PageHead } from '../page/PageHead';
import { Awaiting, Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { Chip, Mark, Tag } from '../ui/marks';
import { Panel } from '../ui/Panel';
import { SUITES } from './calls';
import { EvalViews } from './EvalViews';
import { askedWords } from './SuiteChoice';
import { NEW_SUITE, type SuiteForm } from './suite-form';
import { ORIGIN } from './words';

const SuiteDrawer = lazy(() => import('./SuiteDrawer'));
const SuiteEditor = lazy(() => import('./SuiteEditor'));
const ImportDialog = lazy(() => import('./ImportDialog'));

/** What can be asked: suites that came with the program, files, and those that are made or imported here. */
export default function SuitesView() {
  const { data, error } = useResource<EvalSuites>(SUITES);
  const drawer = useDrawer('edit');
  const asking = useDrawer('ask');
  /** What a new one begins with. */
  const [draft, setDraft] = useState<SuiteForm | null>(null);
  const suites = data?.suites ?? [];
  const opened = suites.find(({ name }) => name === drawer.opened);
  const leave = (): void => {
    setDraft(null);
    asking.close();
  };
  return (
    <div>
      <PageHead
        title="Evals"
        note={data ? plural(suites.length, 'suite') : undefined}
        filters={<EvalViews />}
      >
        <Button onClick={() => asking.open('import')}>Import</Button>
        <Button look="primary" onClick={() => asking.open('suite')}>
          <PlusIcon className="size-4" aria-hidden />
          <span>
            New<span className="max-sm:sr-only"> suite</span>
          </span>
        </Button>
      </PageHead>
      <div className="flex flex-col gap-3 px-4 pb-6 md:px-6">
        {error && (
          <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
            {data ? 'The suites are as they were told last.' : 'Couldn’t load the suites.'} {error.message}
            <Button onClick={() => refresh(SUITES)}>Try again</Button>
          </p>
        )}
        {!data && !error && <Awaiting>Loading the suites.</Awaiting>}
        {data?.problems.map(({ file, message }) => (
          <p
            key={file}
            role="status"
            className="flex gap-2 rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm"
          >
            <span className="mt-1.5 text-busy">
              <Mark tone="busy" />
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              The file <code className="font-mono">{file}</code> of the data folder is no suite: {message}
            </span>
          </p>
        ))}
        {drawer.opened !== null && data && !opened && (
          <p
            role="status"
            className="flex flex-wrap items-center gap-3 rounded-md border bg-s2 px-4 py-2 text-sm"
          >
            There is no suite “{drawer.opened}”; it may have been removed.
            <Button onClick={drawer.close}>Show the suites</Button>
          </p>
        )}
        {data && suites.length === 0 && (
          <Notice title="No suites">Make one, import one, or put files into the data folder.</Notice>
        )}
        <ul aria-label="Suites" className={`grid gap-3 lg:grid-cols-2 ${error ? 'stale' : ''}`}>
          {suites.map((suite) => (
            <SuiteCard key={suite.name} suite={suite} onOpen={() => drawer.open(suite.name)} />
          ))}
        </ul>
      </div>
      <Panel what="the suite">
        <Suspense>
          {opened && (
            <SuiteDrawer
              key={opened.name}
              head={opened}
              taken={suites.map(({ name }) => name)}
              onCopy={(form) => {
                setDraft(form);
                goWithin('/evals/?what=suites&ask=suite');
              }}
              onClose={drawer.close}
            />
          )}
          {asking.opened === 'suite' && (
            <SuiteEditor
              key={draft?.name ?? 'new'}
              stored={null}
              start={draft ?? NEW_SUITE}
              before={null}
              onClose={leave}
            />
          )}
          {asking.opened === 'import' && <ImportDialog onOpen={drawer.open} onClose={asking.close} />}
        </Suspense>
      </Panel>
    </div>
  );
}

function SuiteCard({ suite, onOpen }: { suite: EvalSuiteHead; onOpen: () => void }) {
  const { name, origin, title, description, category, licence, retired, runs, at, faults } = suite;
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-lg border bg-s1 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <button
          type="button"
          onClick={onOpen}
          className="text-left text-sm font-medium text-accent hover:underline pointer-coarse:min-h-10"
        >
          {title}
        </button>
        <code className="font-mono text-xs text-fg3">{name}</code>
        <Tag>{ORIGIN[origin]}</Tag>
        {faults !== null && faults > 0 && <Chip tone="busy">{plural(faults, 'solution')} to be mended</Chip>}
        <span className="ml-auto text-xs text-fg3">
          {plural(runs, 'run')}
          {origin === 'stored' && (
            <>
              , saved <Ago atMs={instantToMs(at)} />
            </>
          )}
        </span>
      </div>
      {description !== '' && <p className="text-sm text-fg2 [overflow-wrap:anywhere]">{description}</p>}
      <p className="text-xs text-fg3 [overflow-wrap:anywhere]">
        {askedWords(suite)}
        {retired.length > 0 && `, ${count(retired.length)} retired`}; category {category}, licence {licence}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" onClick={() => goWithin(`/evals/?ask=new&suite=${encodeURIComponent(name)}`)}>
          Ask a model<span className="sr-only"> {name}</span>
        </Button>
        <Button look="quiet" onClick={onOpen}>
          Read<span className="sr-only"> {name}</span>
        </Button>
      </div>
    </li>
  );
}
