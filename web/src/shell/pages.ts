import type { ComponentType, SVGProps } from 'react';
import {
  ActionsIcon,
  ActivityIcon,
  BenchIcon,
  CacheIcon,
  ConsumersIcon,
  EvalsIcon,
  FleetIcon,
  KeyIcon,
  LogsIcon,
  PlaygroundIcon,
  RoutingIcon,
} from '../ui/icons';

/** Groups in the order of the rail; one without pages is not shown. */
export const GROUPS = ['Watch', 'Measure', 'Route', 'Operate', 'Settings'] as const;

export interface PageEntry {
  href: string;
  name: string;
  group: (typeof GROUPS)[number];
  Icon: ComponentType<SVGProps<SVGSVGElement>>;
  /** true: a phone has it in the sheet, not in the bar. */
  isInSheet?: boolean;
  /** What can be done there, for the palette: addresses that begin it. */
  commands?: readonly { label: string; href: string }[];
}

/** Every page there is, in the order of the rail, the bottom bar and the palette. A test holds it against the routes. */
export const PAGES: readonly PageEntry[] = [
  {
    href: '/',
    name: 'Fleet',
    group: 'Watch',
    Icon: FleetIcon,
    commands: [
      { label: 'Add a host', href: '/?ask=add' },
      { label: 'The fleet as a table', href: '/?view=table' },
    ],
  },
  {
    href: '/activity/',
    name: 'Activity',
    group: 'Watch',
    Icon: ActivityIcon,
    commands: [{ label: 'Requests that failed', href: '/activity/?status=failed' }],
  },
  {
    href: '/logs/',
    name: 'Logs',
    group: 'Watch',
    Icon: LogsIcon,
    isInSheet: true,
    commands: [{ label: 'Warnings and errors in the logs', href: '/logs/?level=warn' }],
  },
  {
    href: '/consumers/',
    name: 'Consumers',
    group: 'Watch',
    Icon: ConsumersIcon,
    isInSheet: true,
    commands: [
      { label: 'Who used the GPUs in the last 24 hours', href: '/consumers/?show=time' },
      { label: 'Cache hits of each consumer', href: '/consumers/?show=cache' },
    ],
  },
  {
    href: '/playground/',
    name: 'Playground',
    group: 'Measure',
    Icon: PlaygroundIcon,
  },
  {
    href: '/bench/',
    name: 'Bench',
    group: 'Measure',
    Icon: BenchIcon,
    commands: [
      { label: 'Measure a model', href: '/bench/?ask=new' },
      { label: 'The fastest host of each model', href: '/bench/?what=history' },
      { label: 'Suites of benchmarks', href: '/bench/?what=suites' },
    ],
  },
  {
    href: '/evals/',
    name: 'Evals',
    group: 'Measure',
    Icon: EvalsIcon,
    isInSheet: true,
    commands: [
      { label: 'Ask a model a suite of items', href: '/evals/?ask=new' },
      { label: 'Runs of evals', href: '/evals/?what=runs' },
      { label: 'Suites of evals', href: '/evals/?what=suites' },
    ],
  },
  {
    href: '/routing/',
    name: 'Routing',
    group: 'Route',
    Icon: RoutingIcon,
    commands: [
      { label: 'Requests that failed over', href: '/routing/?over=yes' },
      { label: 'Breakers and queues of the hosts', href: '/routing/?what=hosts' },
      { label: 'Policies of /v1', href: '/routing/?what=policies' },
    ],
  },
  {
    href: '/prompt-cache/',
    name: 'Prompt cache',
    group: 'Route',
    Icon: CacheIcon,
    isInSheet: true,
    commands: [
      { label: 'What cost the prompt cache most', href: '/prompt-cache/?what=drifts&order=cost' },
      { label: 'Sessions of consumers', href: '/prompt-cache/?what=sessions' },
    ],
  },
  {
    href: '/keys/',
    name: 'Keys',
    group: 'Route',
    Icon: KeyIcon,
    commands: [{ label: 'Make a key', href: '/keys/?ask=new' }],
  },
  {
    href: '/actions/',
    name: 'Actions',
    group: 'Operate',
    Icon: ActionsIcon,
    commands: [{ label: 'Leases that have ended', href: '/actions/?what=leases' }],
  },
];

/** The page of a host belongs to the fleet. */
export const isHere = (path: string, href: string): boolean =>
  path === href || `${path}/` === href || (href === '/' && path.startsWith('/hosts/'));

/** What a phone shows below; the others are in the sheet. */
const IN_BAR = 5;
export const inBar = (pages: readonly PageEntry[]): readonly PageEntry[] =>
  pages.filter(({ isInSheet }) => !isInSheet).slice(0, IN_BAR);

export const grouped = (
  pages: readonly PageEntry[],
): readonly { group: string; pages: readonly PageEntry[] }[] =>
  GROUPS.map((group) => ({ group, pages: pages.filter((page) => page.group === group) })).filter(
    ({ pages: held }) => held.length > 0,
  );
