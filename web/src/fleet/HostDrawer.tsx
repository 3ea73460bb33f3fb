'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { RANGE_PARAMS } from '../browser/range';
import { useRange } from '../browser/use-range';
import { HostDetails } from '../host/HostDetails';
import { HOST_RANGE } from '../host/range';
import { hostHref } from '../hosts/address';
import { useMarks } from '../live';
import { isHidden } from '../live/marks';
import { RangePicker } from '../page/RangePicker';
import { PageLink } from '../shell/PageLink';
import { Drawer } from '../ui/Drawer';
import { Menu } from '../ui/Menu';
import { Tag } from '../ui/marks';
import type { HostActions } from '../hosts/actions';

interface HostDrawerProps {
  provider: PublicProvider;
  actions: HostActions;
  onClose: () => void;
}

/** A peek at a host: what its page shows, beside the fleet. */
export default function HostDrawer({ provider, actions, onClose }: HostDrawerProps) {
  const [range, setRange] = useRange(HOST_RANGE);
  const hidden = isHidden(useMarks(), provider.id);
  return (
    <Drawer
      title={provider.label}
      onClose={onClose}
      aside={
        <>
          <span className="flex min-w-0 gap-2 overflow-hidden max-sm:hidden">
            {provider.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </span>
          <span className="ml-auto flex items-center gap-1">
            <PageLink
              href={pageHref(provider.id)}
              className="rounded-md px-2 py-1 text-sm whitespace-nowrap text-accent pointer-coarse:py-2.5 hover:underline"
            >
              Open page
            </PageLink>
            <RangePicker value={range} onChange={setRange} presets={HOST_RANGE.presets} />
            <Menu
              label={`Actions for ${provider.label}`}
              items={actions.itemsFor(provider, hidden).filter(({ label }) => label !== 'Details and charts')}
            />
          </span>
        </>
      }
    >
      <HostDetails provider={provider} range={range} onRange={setRange} isPeek />
    </Drawer>
  );
}

/** With the range that the drawer shows. */
function pageHref(id: string): string {
  const here = new URLSearchParams(location.search);
  const kept = new URLSearchParams();
  for (const name of RANGE_PARAMS) {
    const value = here.get(name);
    if (value !== null) kept.set(name, value);
  }
  return hostHref(id) + (kept.size > 0 ? `?${kept}` : '');
}
