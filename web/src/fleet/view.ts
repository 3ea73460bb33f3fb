import type { ComponentType, SVGProps } from 'react';
import { CardsIcon, GridIcon, TableIcon } from '../ui/icons';

/** How the fleet is laid out. */
export const VIEWS = [
  { name: 'cards', text: 'Cards', Icon: CardsIcon },
  { name: 'compact', text: 'Compact', Icon: GridIcon },
  { name: 'table', text: 'Table', Icon: TableIcon },
] as const satisfies readonly { name: string; text: string; Icon: ComponentType<SVGProps<SVGSVGElement>> }[];
export type FleetView = (typeof VIEWS)[number]['name'];

/** From here on hosts are shown as small cards until somebody chooses otherwise. */
const COMPACT_FROM = 40;

const named = (name: string | null): FleetView | undefined => VIEWS.find((view) => view.name === name)?.name;

/** What the address says, else what this browser kept, else what fits the number of hosts. */
export const fleetView = (asked: string | null, kept: string | null, hosts: number): FleetView =>
  named(asked) ?? named(kept) ?? (hosts > COMPACT_FROM ? 'compact' : 'cards');
