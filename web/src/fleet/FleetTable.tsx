'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { useTick } from '../live';
import Table from '../page/Table';
import type { HostActions } from '../hosts/actions';
import { fleetColumns } from './columns';

const NAME = 'fleet';
const keyOf = ({ id }: PublicProvider): string => id;

interface FleetTableProps {
  providers: readonly PublicProvider[];
  actions: HostActions;
}

/** A line for each host. The cells follow their host by themselves; the order is looked at once a second. */
export default function FleetTable({ providers, actions }: FleetTableProps) {
  useTick((nowMs) => nowMs);
  const columns = useMemo(() => fleetColumns(actions), [actions]);
  return (
    <Table label="Hosts" name={NAME} rows={providers} columns={columns} keyOf={keyOf} onOpen={actions.open} />
  );
}
