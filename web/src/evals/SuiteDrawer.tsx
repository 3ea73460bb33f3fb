'use client';
import type { EvalItem, EvalSuiteDetail, EvalSuiteHead } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useEffect, useState } from 'react';
import { messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { plural } from '../format/number';
import { Ago } from '../live/Ago';
import { copyName } from '../runs/copy-name';
import { Awaiting, Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { Tag } from '../ui/marks';
import { tell } from '../ui/notices';
import { removeSuite, retireItem, suitePath, SUITES } from './calls';
import { CheckView } from './CheckView';
import { ItemView } from './ItemView';
import { formOf, type SuiteForm } from './suite-form';
import { askedIn, ORIGIN } from './words';

const Confirm = lazy(() => import('../ui/Confirm').then((module) => ({ default: module.Confirm })));
const RetireDialog = lazy(() => import('./RetireDialog'));
const SuiteEditor = lazy(() => import('./SuiteEditor'));

interface SuiteDrawerProps {
  head: EvalSuiteHead;
  /** Names that a copy cannot have. */
  taken: readonly string[];
  onCopy: (form: SuiteForm) => void;
  onClose: () => void;
}

/** While its references are tried. */
const CHECK_EVERY_MS = 2_000;

/** A suite as a person reads it, with its versions; what was made here is changed from here. */
export default function SuiteDrawer({ head, taken, onCopy, onClose }: SuiteDrawerProps) {
  const [version, setVersion] = useState<string | null>(null);
  const [edits, setEdits] = useState(false);
  const path = suitePath(head.name, version);
  const { data, error } = useKept(useResource<EvalSuiteDetail>(path), head.name);
  const isBeingTried = data !== null && data.head.origin !== 'builtin' && data.check?.at == null;
  // External system: the gateway. Nothing on the socket tells how far that is.
  useEffect(() => {
    if (!isBeingTried) return;
    const again = setInterval(() => refresh(path), CHECK_EVERY_MS);
    return () => {
      clearInterval(again);
      refresh(SUITES);
    };
  }, [isBeingTried, path]);
  if (edits && data)
    return (
      <SuiteEditor
        stored={data.head}
        start={formOf(data.suite)}
        before={data.suite}
        onClose={() => setEdits(false)}
      />
    );
  return (
    <Drawer
      wide
      isText
      title={head.title}
      aside={<code className="font-mono text-sm text-fg3">{(version ?? head.hash).slice(0, 8)}</code>}
      onClose={onClose}
    >
      {!data && !error && <Awaiting>Loading its items.</Awaiting>}
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          Couldn’t load the suite. {error.message}
          <Button onClick={() => refresh(path)}>Try again</Button>
        </p>
      )}
      {data && (
        <Read
          detail={data}
          isNewest={version === null || version === head.hash}
          onVersion={setVersion}
          onEdit={() => setEdits(true)}
          onCopy={() => onCopy({ ...formOf(data.suite), name: copyName(head.name, taken) })}
          onGone={onClose}
        />
      )}
    </Drawer>
  );
}

interface ReadProps {
  detail: EvalSuiteDetail;
  isNewest: boolean;
  onVersion: (hash: string) => void;
  onEdit: () => void;
  onCopy: () => void;
  onGone: () => void;
}

const WHERE = {
  builtin: 'It came with the program. Copy it to change it.',
  file: 'It is a file of the data folder, and is changed there.',
  stored: 'It was made here. A run keeps to the version that it was asked by.',
} as const;

function Read({ detail, isNewest, onVersion, onEdit, onCopy, onGone }: ReadProps) {
  const { head, suite, versions, retired, check } = detail;
  const [text, setText] = useState('');
  const [asks, setAsks] = useState(false);
  const [retiring, setRetiring] = useState<string | null>(null);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = suite.items.filter((item) => {
    const said = `${item.id} ${item.family ?? ''} ${item.difficulty ?? ''} ${askedIn(item)}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
  const why = (item: EvalItem): string | null =>
    retired.find((each) => each.item === item.id)?.reason ?? null;
  const again = async (item: string): Promise<void> => {
    try {
      await retireItem(head, item, null);
      tell(`${item} is asked again.`);
    } catch (error) {
      tell(`${item} is still retired. ${messageOf(error)}`, true);
    }
  };
  return (
    <div className="flex flex-col gap-4 text-sm">
      <div className="flex flex-col gap-2">
        {suite.description !== '' && <p>{suite.description}</p>}
        <p className="flex flex-wrap items-center gap-2 text-fg2">
          <Tag>{ORIGIN[head.origin]}</Tag>
          category {suite.category}, licence {suite.licence}, {plural(suite.items.length, 'item')}, each{' '}
          {suite.samples === 1 ? 'once' : `${suite.samples} times`}, temperature {suite.sampler.temperature},
          at most {plural(suite.sampler.maxTokens, 'token')} an answer. {WHERE[head.origin]}
        </p>
        <div className="flex flex-wrap gap-2">
          {head.origin === 'stored' && isNewest && <Button onClick={onEdit}>Edit</Button>}
          <Button onClick={onCopy}>Copy as…</Button>
          {head.origin === 'stored' && (
            <Button look="danger" onClick={() => setAsks(true)}>
              Remove
            </Button>
          )}
        </div>
      </div>
      {head.origin !== 'builtin' && <CheckView check={check} />}
      <section aria-label="Items" className="flex min-w-0 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-3">
          <h3 className="font-semibold">Items</h3>
          <input
            type="search"
            aria-label="Find an item"
            placeholder="Find an item"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            className="h-8 w-56 max-w-full rounded-md border border-line-strong bg-bg px-2.5 text-sm pointer-coarse:h-10"
          />
          <span className="text-xs text-fg3">{plural(shown.length, 'item')}</span>
        </div>
        {shown.length === 0 && <p className="text-fg2">No item has this in it.</p>}
        <ul className="rounded-md border">
          {shown.map((item) => (
            <ItemView
              key={item.id}
              item={item}
              retired={why(item)}
              {...(isNewest
                ? { onRetire: () => (why(item) === null ? setRetiring(item.id) : void again(item.id)) }
                : {})}
            />
          ))}
        </ul>
      </section>
      <section aria-label="Versions" className="flex min-w-0 flex-col gap-1">
        <h3 className="font-semibold">Versions</h3>
        <p className="text-xs text-fg2">
          A change of what is asked or how it is graded is another version; scores of two versions are never
          compared.
        </p>
        <ol className="divide-y">
          {versions.map(({ hash, at, runs }) => (
            <li key={hash} className="flex flex-wrap items-center gap-x-3 py-1.5">
              <code className="font-mono text-xs">{hash.slice(0, 8)}</code>
              <Ago atMs={instantToMs(at)} className="text-xs text-fg3" />
              <span className="text-xs text-fg3">{plural(runs, 'run')}</span>
              {hash === head.hash ? (
                <span className="text-xs text-fg3">shown</span>
              ) : (
                <Button look="quiet" onClick={() => onVersion(hash)}>
                  Show<span className="sr-only"> version {hash.slice(0, 8)}</span>
                </Button>
              )}
            </li>
          ))}
        </ol>
      </section>
      <Suspense>
        {retiring !== null && <RetireDialog head={head} item={retiring} onClose={() => setRetiring(null)} />}
        {asks && (
          <Confirm
            title={`Remove ${head.name}?`}
            verb="Remove"
            doing="Removing…"
            keep="Keep it"
            openerLeaves
            onClose={() => setAsks(false)}
            run={async () => {
              await removeSuite(head.name);
              tell(`${head.name} is removed.`);
              onGone();
            }}
          >
            <p>The suite goes with all its versions. One that has runs is not removed.</p>
          </Confirm>
        )}
      </Suspense>
    </div>
  );
}
