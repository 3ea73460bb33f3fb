'use client';
import type { PublicProvider, Room } from '@boocontrol/contracts';
import { usePathname } from 'next/navigation';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useRange } from '../browser/use-range';
import { hostActions } from '../hosts/actions';
import { LivenessMark, LivenessText } from '../hosts/LivenessLine';
import { hostOfPath, logHref } from '../hosts/address';
import { isHost } from '../hosts/service';
import { useHost, useIsLost, useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { useRooms } from '../live/rooms';
import { PageHead } from '../page/PageHead';
import { PageLink } from '../shell/PageLink';
import { Awaiting, Notice } from '../ui/controls';
import { LogsIcon } from '../ui/icons';
import { Tag } from '../ui/marks';
import { Menu } from '../ui/Menu';
import { HostDetails } from './HostDetails';
import { HOST_RANGE } from './range';

const HostDialog = lazy(() => import('../hosts/HostDialog'));
const RemoveDialog = lazy(() => import('../hosts/RemoveDialog'));

const ROOMS: readonly Room[] = ['fleet', 'perf', 'activity'];

export default function HostBoard() {
  useRooms(ROOMS);
  const id = hostOfPath(usePathname());
  const known = useLive(({ fleet }) => fleet !== null);
  const provider = useLive(({ providers }) => providers.find((each) => each.id === id));
  if (provider) return <Host key={provider.id} provider={provider} />;
  if (!known) {
    return (
      <Awaiting>
        Waiting for the fleet from BooControl. If this takes long, check that it is still running.
      </Awaiting>
    );
  }
  return (
    <Notice title={`There is no host “${id ?? ''}”`} action={<BackToFleet />}>
      It may have been removed, or there is a typo in the address.
    </Notice>
  );
}

const LINK =
  'inline-flex h-8 pointer-coarse:h-10 items-center gap-2 rounded-md border border-line-strong bg-s2 px-3 text-sm hover:bg-s3';

function BackToFleet() {
  return (
    <PageLink href="/" className={LINK}>
      Back to the fleet
    </PageLink>
  );
}

type Asked = 'edit' | 'remove' | null;

function Host({ provider }: { provider: PublicProvider }) {
  const host = useHost(provider.id);
  const lost = useIsLost();
  const hidden = isHidden(useMarks(), provider.id);
  const [range, setRange] = useRange(HOST_RANGE);
  const [asked, setAsked] = useState<Asked>(null);
  const actions = useMemo(
    () => hostActions({ open: null, edit: () => setAsked('edit'), remove: () => setAsked('remove') }),
    [],
  );
  // External system: the title of the browser's tab.
  useEffect(() => {
    document.title = `${provider.label} · BooControl`;
  }, [provider.label]);
  const close = (): void => setAsked(null);
  return (
    <>
      <PageHead
        title={provider.label}
        filters={
          <>
            <span className={`inline-flex h-8 items-center gap-2 text-sm ${lost ? 'stale' : ''}`}>
              <LivenessMark provider={provider} liveness={host.liveness} />
              <LivenessText provider={provider} liveness={host.liveness} />
            </span>
            {provider.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </>
        }
        range={{ value: range, onChange: setRange, presets: HOST_RANGE.presets }}
      >
        {isHost(provider) && (
          <PageLink href={logHref(provider.id)} className={LINK}>
            <LogsIcon className="size-4 text-fg3" />
            Its log
          </PageLink>
        )}
        <Menu label={`Actions for ${provider.label}`} items={actions.itemsFor(provider, hidden)} />
      </PageHead>
      <div className="px-4 pb-8 md:px-6">
        <HostDetails provider={provider} range={range} onRange={setRange} />
      </div>
      <Suspense>
        {asked === 'edit' && <HostDialog provider={provider} taken={NONE_TAKEN} onClose={close} />}
        {asked === 'remove' && <RemoveDialog provider={provider} onClose={close} />}
      </Suspense>
    </>
  );
}

/** Ids are looked at when a host is added. */
const NONE_TAKEN: ReadonlySet<string> = new Set();
