import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { livenessView } from '../hosts/liveness';
import { isHidden, type Marks } from '../live/marks';

type Hosts = Readonly<Record<string, HostState>>;

/**
 * What a screen reader is told: hosts whose connection changed to another state. At most three, then their number; of
 * hidden ones nothing.
 */
export function announcements(
  before: Hosts,
  after: Hosts,
  providers: readonly PublicProvider[],
  marks: Marks,
  nowMs: number,
): string | null {
  if (before === after) return null;
  const changed = providers.filter(({ id }) => {
    const was = before[id]?.liveness?.state;
    const is = after[id]?.liveness?.state;
    return was !== undefined && is !== undefined && was !== is && !isHidden(marks, id);
  });
  if (changed.length === 0) return null;
  if (changed.length > 3) return `${changed.length} hosts changed their connection state.`;
  return changed
    .map((provider) => {
      const { word, reason } = livenessView(provider, after[provider.id]?.liveness ?? null, nowMs);
      return `${provider.label} is ${word}.${reason ? ` ${reason}` : ''}`;
    })
    .join(' ');
}
