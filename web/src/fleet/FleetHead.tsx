'use client';
import { count, plural } from '../format/number';
import { FilterField } from '../page/FilterField';
import { PageHead } from '../page/PageHead';
import { Button } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import type { FleetView } from './view';
import { ViewSwitch } from './ViewSwitch';

/** From here on there is something to find. */
const FILTER_FROM = 5;

interface FleetHeadProps {
  /** Of hosts that are not hidden. */
  number: number;
  hidden: number;
  shown: number;
  typed: string;
  onType: (text: string) => void;
  view: FleetView;
  onView: (view: FleetView) => void;
  onAdd: () => void;
}

export function FleetHead({ number, hidden, shown, typed, onType, view, onView, onAdd }: FleetHeadProps) {
  if (number + hidden === 0) return <PageHead title="Fleet" />;
  const filtered = number + hidden >= FILTER_FROM || typed !== '';
  return (
    <PageHead
      title="Fleet"
      note={
        shown === number ? (
          plural(number, 'host')
        ) : (
          <>
            {count(shown)} of {count(number)}
            <span className="max-sm:sr-only"> {number === 1 ? 'host' : 'hosts'}</span>
          </>
        )
      }
      filters={filtered && <FilterField label="Filter hosts" value={typed} onChange={onType} />}
    >
      <ViewSwitch value={view} onChange={onView} />
      <Button look="primary" onClick={onAdd}>
        <PlusIcon className="size-4" aria-hidden />
        <span>
          Add<span className="max-sm:sr-only"> host</span>
        </span>
      </Button>
    </PageHead>
  );
}
