'use client';
import type { RoutePolicy } from '@boocontrol/contracts';
import { refresh, useResource } from '../api/resource';
import { Awaiting, Button, Notice } from '../ui/controls';

const PATH = '/routing/policies';

/** The rules by which a name like `auto:code` finds a model. */
export default function PoliciesBoard() {
  const { data, error } = useResource<{ policies: readonly RoutePolicy[] }>(PATH);
  if (!data && error)
    return (
      <Notice
        title="Couldn’t load the policies"
        action={<Button onClick={() => refresh(PATH)}>Try again</Button>}
      >
        {error.message}
      </Notice>
    );
  if (!data) return <Awaiting>Loading the policies.</Awaiting>;
  return (
    <ul className="flex flex-col gap-2 px-4 pb-4 md:px-6">
      {data.policies.map(({ name, description, version }) => (
        <li key={name} className="rounded-lg border bg-s1 px-4 py-3">
          <p className="flex items-baseline gap-3">
            <code className="font-mono text-sm">{name === 'auto' ? name : `auto:${name}`}</code>
            <span className="text-xs text-fg3">version {version}</span>
          </p>
          <p className="mt-1 text-sm text-fg2 [overflow-wrap:anywhere]">{description}</p>
        </li>
      ))}
    </ul>
  );
}
