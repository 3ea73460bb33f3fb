import type { PrefixDrift } from '@boocontrol/contracts';
import { Mark, Tag } from '../ui/marks';

const WORD = { drift: 'changed', miss: 'missed' } as const;

/** Changed before its end, or not in the cache though it did not change: by shape, and in words. */
export function KindMark({ kind }: Pick<PrefixDrift, 'kind'>) {
  return (
    <span
      className="inline-flex shrink-0"
      title={`The prompt ${kind === 'drift' ? 'changed' : 'did not change'}`}
    >
      <Mark tone={kind === 'drift' ? 'busy' : 'down'} />
      <span className="sr-only">{WORD[kind]}: </span>
    </span>
  );
}

/** Not every request comes through the gateway. */
export function SeenBy({ seenBy }: Pick<PrefixDrift, 'seenBy'>) {
  if (seenBy === 'gateway') return null;
  return (
    <span className="inline-flex shrink-0">
      <Tag>capture</Tag>
    </span>
  );
}
