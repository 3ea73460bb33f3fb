import type { ActivityRow } from '@boocontrol/contracts';
import { RoutingIcon } from '../ui/icons';
import { wayWords } from './way-words';

/** A mark of requests that came through /v1; amber where it took more than one attempt. */
export function Way({ row }: { row: Pick<ActivityRow, 'dispatchId' | 'dispatch'> }) {
  if (!row.dispatchId) return null;
  const text = `Came ${wayWords(row)}`;
  return (
    <span
      title={text}
      data-testid="way"
      className={(row.dispatch?.attempts ?? 1) > 1 ? 'text-busy' : 'text-fg3'}
    >
      <RoutingIcon className="inline size-3" />
      {(row.dispatch?.attempts ?? 1) > 1 && <span className="ml-0.5 text-2xs">{row.dispatch?.attempts}</span>}
      <span className="sr-only">{text}</span>
    </span>
  );
}
