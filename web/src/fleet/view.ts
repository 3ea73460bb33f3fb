import type { ComponentType, SVGProps } from 'react';
import { CardsIcon, GridIcon, TableIcon } from '../ui/icons';

/** How the fleet is laid out. */
export const VIEWS = [
  { name: 'cards', text: 'Cards', Icon: CardsIcon },
  { name: 'compact', text: 'Compact', Icon: GridIcon },
  { name: 'table', text: 'Table', Icon: TableIcon },
] as const satisfies readonly { name: string; text: string; Icon: ComponentType<SVGProps<SVGSVGElement>> }[];
export type FleetView = (typeof VIEWS)[number]['name'];

/**
 * Past so many, hosts are small cards until somebody chooses otherwise. Six cards are what a screen of 1440 × 900
 * holds; of 7 to 12 half are out of sight as cards, and all in sight as small ones. A phone shows four or five small
 * ones instead of one and a half, and what is wrong is said on both.
 */
const MOST_CARDS = 6;

const named = (name: string | null): FleetView | undefined => VIEWS.find((view) => view.name === name)?.name;

/** What the address says, else what this browser kept, else what fits the number of hosts, hidden ones counted: hiding one must not change all others. */
export const fleetView = (asked: string | null, kept: string | null, hosts: number): FleetView =>
  named(asked) ?? named(kept) ?? (hosts > MOST_CARDS ? 'compact' : 'cards');
