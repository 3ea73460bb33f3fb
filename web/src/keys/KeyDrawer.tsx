'use client';
import { DIRECT, type ApiKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { exact } from '../format/time';
import { Ago } from '../live/Ago';
import { Details, Fact } from '../page/Details';
import { PageLink } from '../shell/PageLink';
import { Button } from '../ui/controls';
import { reinstate } from './calls';
import { Budget, Expiry, StateMark } from './columns';
import { lastUseMs, limitText } from './state';

interface KeyDrawerProps {
  apiKey: ApiKey;
  onEdit: () => void;
  onRevoke: () => void;
  onRemove: () => void;
  onClose: () => void;
}

/** All that is known of a key, and what can be done with it. */
export default function KeyDrawer({ apiKey, onEdit, onRevoke, onRemove, onClose }: KeyDrawerProps) {
  const { id, name, label, createdAt, disabledAt, models, policies } = apiKey;
  const usedMs = lastUseMs(apiKey);
  return (
    <Details
      title={name}
      aside={<StateMark apiKey={apiKey} />}
      onClose={onClose}
      below={
        <div className="mt-5 flex flex-wrap gap-2 border-t pt-4">
          <Button onClick={onEdit}>Edit</Button>
          {disabledAt === null ? (
            <Button look="danger" onClick={onRevoke}>
              Revoke
            </Button>
          ) : (
            <Button onClick={() => void reinstate(apiKey)}>Let in again</Button>
          )}
          <Button look="danger" className="ml-auto" onClick={onRemove}>
            Remove
          </Button>
        </div>
      }
    >
      <Fact name="Source">
        <PageLink
          href={`/activity/?consumer=${encodeURIComponent(label)}`}
          className="text-accent hover:underline"
        >
          {label}
        </PageLink>
      </Fact>
      <Fact name="This month">
        <span className="block max-w-80">
          <Budget apiKey={apiKey} />
        </span>
      </Fact>
      <Fact name="Last used">{usedMs === null ? 'never' : <Ago atMs={usedMs} />}</Fact>
      <Fact name="Expires">
        <Expiry apiKey={apiKey} />
      </Fact>
      {disabledAt !== null && <Fact name="Revoked">{exact(instantToMs(disabledAt))}</Fact>}
      <Fact name="Models">
        <List of={models} all="all of them" />
      </Fact>
      <Fact name="Policies">
        <List
          of={policies.map((policy) => (policy === DIRECT ? 'models by their own names' : policy))}
          all="all of them, and models by their own names"
        />
      </Fact>
      <Fact name="Frontier">{apiKey.frontier ? 'may use services of somebody else' : 'own hosts only'}</Fact>
      <Fact name="Requests a minute">{limitText(apiKey.requestsPerMinute)}</Fact>
      <Fact name="Tokens a minute">{limitText(apiKey.tokensPerMinute)}</Fact>
      <Fact name="At the same time">{limitText(apiKey.concurrentRequests)}</Fact>
      <Fact name="Tokens a month">{limitText(apiKey.monthlyTokens)}</Fact>
      <Fact name="Made">{exact(instantToMs(createdAt))}</Fact>
      <Fact name="Id">
        <code className="font-mono text-xs">{id}</code>
      </Fact>
    </Details>
  );
}

function List({ of, all }: { of: readonly string[]; all: string }) {
  if (of.length === 0) return <span className="text-fg2">{all}</span>;
  return (
    <ul className="font-mono text-xs">
      {of.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}
