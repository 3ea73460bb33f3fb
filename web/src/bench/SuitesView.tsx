'use client';
import type { BenchSuite, BenchSuites, RecordedTraffic, Suite } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useState } from 'react';
import { refresh, useResource } from '../api/resource';
import { goWithin } from '../browser/query';
import { useDrawer } from '../browser/use-drawer';
import { plural } from '../format/number';
import { Ago } from '../live/Ago';
import { PageHead } from '../page/PageHead';
import { Awaiting, Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { Mark, Tag } from '../ui/marks';
import { tell } from '../ui/notices';
import { Panel } from '../ui/Panel';
import { BenchViews } from './BenchViews';
import { SUITES } from './calls';
import { copyName, freeName } from '../runs/copy-name';
import { NEW_SUITE } from './suite-form';
import { planWords, suiteWords } from './suite-words';

const SuiteEditor = lazy(() => import('./SuiteEditor'));
const SuiteShown = lazy(() => import('./SuiteShown'));
const RecordedDialog = lazy(() => import('./RecordedDialog'));

/** What can be measured: suites that came with the program, files, and those that are made here. */
export default function SuitesView() {
  const { data, error } = useResource<BenchSuites>(SUITES);
  const drawer = useDrawer('edit');
  const asking = useDrawer('ask');
  /** What a new one begins with. */
  const [draft, setDraft] = useState<Suite | null>(null);
  const suites = data?.suites ?? [];
  const taken = suites.map(({ name }) => name);
  const opened = suites.find(({ name }) => name === drawer.opened);
  const copy = (suite: Suite): void => {
    setDraft({
      ...suite,
      name: copyName(suite.name, taken),
      targets: suite.targets,
    });
    goWithin('/bench/?what=suites&ask=new');
  };
  const leave = (): void => {
    setDraft(null);
    asking.close();
  };
  const made = ({ suite, leftOut }: RecordedTraffic): void => {
    setDraft({ ...suite, name: freeName(suite.name, taken) });
    asking.swap('new');
    if (leftOut > 0)
      tell(`${plural(leftOut, 'request')} had no lengths, or were too many, and are not in it.`);
  };
  return (
    <div>
      <PageHead
        title="Bench"
        note={data ? plural(suites.length, 'suite') : undefined}
        filters={<BenchViews />}
      >
        <Button onClick={() => asking.open('recorded')}>From traffic</Button>
        <Button look="primary" onClick={() => asking.open('new')}>
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
          <Notice title="No suites">Make one, or put files into the data folder.</Notice>
        )}
        <ul aria-label="Suites" className={`grid gap-3 lg:grid-cols-2 ${error ? 'stale' : ''}`}>
          {suites.map((suite) => (
            <SuiteCard
              key={suite.name}
              suite={suite}
              onOpen={() => drawer.open(suite.name)}
              onCopy={() => copy(suite.suite)}
            />
          ))}
        </ul>
      </div>
      <Panel what="the suite">
        <Suspense>
          {opened?.origin === 'stored' && (
            <SuiteEditor key={opened.name} stored={opened} start={opened.suite} onClose={drawer.close} />
          )}
          {opened && opened.origin !== 'stored' && (
            <SuiteShown suite={opened} onCopy={() => copy(opened.suite)} onClose={drawer.close} />
          )}
          {asking.opened === 'new' && (
            <SuiteEditor
              key={draft?.name ?? 'new'}
              stored={null}
              start={draft ?? NEW_SUITE}
              onClose={leave}
            />
          )}
          {asking.opened === 'recorded' && <RecordedDialog onMade={made} onClose={asking.close} />}
        </Suspense>
      </Panel>
    </div>
  );
}

interface SuiteCardProps {
  suite: BenchSuite;
  onOpen: () => void;
  onCopy: () => void;
}

function SuiteCard({ suite: stored, onOpen, onCopy }: SuiteCardProps) {
  const { name, origin, suite, runs, at } = stored;
  const { title, text } = suiteWords(stored);
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-lg border bg-s1 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <button
          type="button"
          onClick={onOpen}
          className="text-sm font-medium text-accent hover:underline pointer-coarse:min-h-10"
        >
          {title}
        </button>
        {title !== name && <code className="font-mono text-xs text-fg3">{name}</code>}
        <Tag>{origin === 'builtin' ? 'built in' : origin === 'file' ? 'from a file' : 'made here'}</Tag>
        <span className="ml-auto text-xs text-fg3">
          {plural(runs, 'run')}
          {origin === 'stored' && (
            <>
              , saved <Ago atMs={instantToMs(at)} />
            </>
          )}
        </span>
      </div>
      <p className="text-sm text-fg2 [overflow-wrap:anywhere]">{text}</p>
      {text !== planWords(suite) && (
        <p className="text-xs text-fg3 [overflow-wrap:anywhere]">{planWords(suite)}</p>
      )}
      {suite.targets.length > 0 && (
        <p className="truncate font-mono text-xs text-fg2">
          {suite.targets.map(({ provider, model }) => `${provider}/${model}`).join(', ')}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" onClick={() => goWithin(`/bench/?ask=new&suite=${encodeURIComponent(name)}`)}>
          Measure<span className="sr-only"> with {name}</span>
        </Button>
        <Button look="quiet" onClick={onCopy}>
          Copy as…<span className="sr-only"> {name}</span>
        </Button>
      </div>
    </li>
  );
}
