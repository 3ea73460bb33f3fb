'use client';
import type { RouteChoices, RoutePolicies, RoutePolicy } from '@boocontrol/contracts';
import { lazy, Suspense } from 'react';
import { refresh, useResource } from '../api/resource';
import { useDrawer } from '../browser/use-drawer';
import { hostName } from '../control/names';
import { useChoices } from '../models/use-badges';
import { TERMS } from '../dispatch/dispatch-words';
import { Awaiting, Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { Tag } from '../ui/marks';
import { Panel } from '../ui/Panel';
import { POLICIES } from './calls';
import { askedName } from './policy-form';

const PolicyEditor = lazy(() => import('./PolicyEditor'));

/** Somebody else may change them, too. */
const EVERY_MS = 15_000;

/** What the editor shows beside the policy, and above itself. */
const OF_EDITOR = ['told', 'dispatch'];

/** The rules by which a name like `auto:code` finds a model: what there is, and an editor at its own address. */
export default function PoliciesBoard() {
  const { data, error } = useResource<RoutePolicies>(POLICIES, EVERY_MS);
  const choices = useChoices();
  const drawer = useDrawer('edit', OF_EDITOR);
  const asking = useDrawer('ask', OF_EDITOR);
  if (!data && error)
    return (
      <Notice
        title="Couldn’t load the policies"
        action={<Button onClick={() => refresh(POLICIES)}>Try again</Button>}
      >
        {error.message}
      </Notice>
    );
  if (!data) return <Awaiting>Loading the policies.</Awaiting>;
  const opened = data.policies.find(({ name }) => name === drawer.opened);
  return (
    <div className="flex flex-col gap-3 px-4 pb-4 md:px-6">
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
          The policies are as they were told last. {error.message}
          <Button onClick={() => refresh(POLICIES)}>Try again</Button>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 text-sm text-fg2">
          A client that asks for one of these gets the model that comes out best by it.
        </p>
        <Button look="primary" onClick={() => asking.open('new')}>
          <PlusIcon className="size-4" aria-hidden />
          Add a policy
        </Button>
      </div>
      {drawer.opened !== null && !opened && (
        <p
          role="status"
          className="flex flex-wrap items-center gap-3 rounded-md border bg-s2 px-4 py-2 text-sm"
        >
          <span className="min-w-0 [overflow-wrap:anywhere]">There is no policy “{drawer.opened}”.</span>
          <Button onClick={drawer.close}>Show the policies</Button>
        </p>
      )}
      <ul aria-label="Policies" className={`grid gap-3 xl:grid-cols-2 ${error ? 'stale' : ''}`}>
        {data.policies.map((policy) => (
          <Policy
            key={policy.name}
            policy={policy}
            choice={choices?.policies.find(({ name }) => name === policy.name)}
            onOpen={() => drawer.open(policy.name)}
          />
        ))}
      </ul>
      <Panel what="the policy">
        <Suspense>
          {opened && <PolicyEditor key={opened.name} policy={opened} onClose={drawer.close} />}
          {asking.opened === 'new' && !opened && <PolicyEditor policy={null} onClose={asking.close} />}
        </Suspense>
      </Panel>
    </div>
  );
}

interface PolicyProps {
  policy: RoutePolicy;
  /** undefined: not told yet. */
  choice: RouteChoices['policies'][number] | undefined;
  onOpen: () => void;
}

function Policy({ policy, choice, onOpen }: PolicyProps) {
  const { name, description, version, isBuiltIn, weights, models, providers, tags } = policy;
  const only = [...models, ...providers.map(hostName), ...tags];
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-lg border bg-s1 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <button
          type="button"
          onClick={onOpen}
          className="font-mono text-sm text-accent hover:underline pointer-coarse:min-h-10"
        >
          {askedName(name)}
        </button>
        {isBuiltIn && <Tag>built in</Tag>}
        <span className="text-xs text-fg3">version {version}</span>
      </div>
      <p className="text-sm text-fg2 [overflow-wrap:anywhere]">
        {description || 'Nobody said what it is for.'}
      </p>
      <dl className="grid grid-cols-3 gap-x-4 gap-y-1 text-2xs sm:grid-cols-[1fr_1fr_1.25fr_1fr_1fr_1fr]">
        {TERMS.map((term) => (
          <div key={term} className="min-w-0">
            <dt className="flex justify-between gap-1 text-fg3">
              <span className="truncate">{term}</span>
              <span className="num font-mono text-fg2">{weights[term]}</span>
            </dt>
            <dd aria-hidden className="mt-0.5 h-1 rounded-full bg-s3">
              <div
                className="h-1 rounded-full bg-line-strong"
                style={{ width: `${Math.round(weights[term] * 100)}%` }}
              />
            </dd>
          </div>
        ))}
      </dl>
      {only.length > 0 && (
        <p className="truncate text-xs text-fg2" title={only.join(', ')}>
          Only <span className="font-mono">{only.join(', ')}</span>
        </p>
      )}
      <p className="text-xs text-fg2 [overflow-wrap:anywhere]">
        {choice?.choice && (
          <>
            Would choose now: {hostName(choice.choice.providerId)}{' '}
            <code className="font-mono">{choice.choice.model}</code>
          </>
        )}
        {choice && !choice.choice && (
          <span className="text-busy">Would choose nothing now. {choice.why}</span>
        )}
      </p>
    </li>
  );
}
