'use client';
import type { Action, Lease } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { actionWords, ranMs } from '../control/words';
import { count, duration, NONE, spoken } from '../format/number';
import { exact } from '../format/time';
import { hostHref } from '../hosts/address';
import { Details, Fact } from '../page/Details';
import { PageLink } from '../shell/PageLink';
import { endWords, heldMs, Outcome } from './columns';

const at = (instant: string | null): string => (instant === null ? NONE : exact(instantToMs(instant)));
const took = (ms: number | null): string => (ms === null ? NONE : spoken(duration(ms)));

/** All that is known of an action. */
export function ActionDetails({ action, onClose }: { action: Action; onClose: () => void }) {
  const { providerId, reason, source, confirmed, createdAt, startedAt, endedAt, id } = action;
  return (
    <Details title={actionWords(action).verb} onClose={onClose}>
      <Fact name="Outcome">
        <Outcome action={action} />
      </Fact>
      {reason && <Fact name="Reason">{reason.message}</Fact>}
      <HostFact id={providerId} />
      <Fact name="Asked for">{at(createdAt)}</Fact>
      <Fact name="Asked by">
        {source}
        {confirmed && ', in spite of what stood against it'}
      </Fact>
      <Fact name="Started">{startedAt === null ? 'never' : at(startedAt)}</Fact>
      <Fact name="Ended">{at(endedAt)}</Fact>
      <Fact name="Took">{took(ranMs(action))}</Fact>
      <Fact name="Id">
        <code className="font-mono text-xs">{id}</code>
      </Fact>
    </Details>
  );
}

/** All that is known of a lease. */
export function LeaseDetails({ lease, onClose }: { lease: Lease; onClose: () => void }) {
  const { providerId, holder, purpose, source, since, expectedUntil, endedAt, foreignRequests } = lease;
  return (
    <Details title={holder} onClose={onClose}>
      <Fact name="For">{purpose}</Fact>
      <HostFact id={providerId} />
      <Fact name="End">{endWords(lease)}</Fact>
      <Fact name="Since">{at(since)}</Fact>
      <Fact name="Expected until">{expectedUntil === null ? 'not said' : at(expectedUntil)}</Fact>
      <Fact name="Ended">{at(endedAt)}</Fact>
      <Fact name="Held">{took(heldMs(lease))}</Fact>
      <Fact name="Its requests">as {source}</Fact>
      <Fact name="Of others">{count(foreignRequests)} meanwhile</Fact>
    </Details>
  );
}

function HostFact({ id }: { id: string }) {
  return (
    <Fact name="Host">
      <PageLink href={hostHref(id)} className="text-accent hover:underline">
        {hostName(id)}
      </PageLink>
    </Fact>
  );
}
