'use client';
import type { Action, Lease } from '@boocontrol/contracts';
import type { Loaded } from '../api/pager';
import { useResource } from '../api/resource';
import { useDrawer } from '../browser/use-drawer';
import Table from '../page/Table';
import type { Column } from '../page/columns';
import { Awaiting, Button, Notice } from '../ui/controls';
import { ACTION_COLUMNS, LEASE_COLUMNS } from './columns';
import { ActionDetails, LeaseDetails } from './Details';
import { useActionHistory, useLeaseHistory } from './use-history';

interface HistoryProps {
  /** Of this host; null: of all. */
  of: string | null;
}

export function ActionHistory({ of }: HistoryProps) {
  const [loaded, { older, retry }] = useActionHistory(of);
  const drawer = useDrawer('open');
  const known = loaded.rows.find(({ id }) => id === drawer.opened);
  // An address may name one that is older than what is loaded.
  const asked = drawer.opened !== null && !known && loaded.cursor !== undefined;
  const { data } = useResource<Action>(asked ? `/actions/${drawer.opened}` : null);
  const opened = known ?? data;
  return (
    <>
      <Rows
        what="actions"
        loaded={loaded}
        columns={ACTION_COLUMNS}
        older={older}
        retry={retry}
        onOpen={({ id }: Action) => drawer.open(id)}
        none="No action has ended yet. What hosts are told to do, and what became of it, is kept here."
      />
      {opened && <ActionDetails action={opened} onClose={drawer.close} />}
    </>
  );
}

export function LeaseHistory({ of }: HistoryProps) {
  const [loaded, { older, retry }] = useLeaseHistory(of);
  const drawer = useDrawer('open');
  const opened = loaded.rows.find(({ id }) => id === drawer.opened);
  return (
    <>
      <Rows
        what="leases"
        loaded={loaded}
        columns={LEASE_COLUMNS}
        older={older}
        retry={retry}
        onOpen={({ id }: Lease) => drawer.open(id)}
        none="No lease has ended yet. Programs that want a host to themselves, as a benchmark does, take one."
      />
      {opened && <LeaseDetails lease={opened} onClose={drawer.close} />}
    </>
  );
}

interface RowsProps<Row> {
  what: 'actions' | 'leases';
  loaded: Loaded<Row>;
  columns: readonly Column<Row>[];
  older: () => void;
  retry: () => void;
  onOpen: (row: Row) => void;
  /** Why there is nothing. */
  none: string;
}

function Rows<Row extends Action | Lease>({
  what,
  loaded,
  columns,
  older,
  retry,
  onOpen,
  none,
}: RowsProps<Row>) {
  const { rows, cursor, error } = loaded;
  const failed = error && (
    <p role="alert" className="flex flex-wrap items-center gap-3 px-4 py-3 text-sm text-fg2 md:px-6">
      Couldn&apos;t load the {rows.length > 0 ? 'older ' : ''}
      {what}. {error.message}
      <Button onClick={retry}>Try again</Button>
    </p>
  );
  if (rows.length === 0 && error) return failed;
  if (rows.length === 0 && cursor === undefined)
    return <Awaiting>Loading the {what} that have ended.</Awaiting>;
  return (
    <>
      <Table
        label={
          what === 'actions'
            ? 'Actions that have ended, newest first'
            : 'Leases that have ended, newest first'
        }
        name={what}
        rows={rows}
        columns={columns}
        keyOf={keyOf}
        onOpen={onOpen}
        onEnd={older}
        empty={<Notice title={`No ${what} yet`}>{none}</Notice>}
      />
      {failed}
    </>
  );
}

const keyOf = ({ id }: Action | Lease): string => id;
