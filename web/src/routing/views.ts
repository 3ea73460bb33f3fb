/** What the page shows; the address names it where it is not the first. */
export const VIEWS = [
  { name: 'requests', text: 'Requests' },
  { name: 'hosts', text: 'Hosts' },
  { name: 'policies', text: 'Policies' },
] as const;
export type RoutingView = (typeof VIEWS)[number]['name'];

export const viewOf = (what: string | null): RoutingView =>
  VIEWS.find(({ name }) => name === what)?.name ?? 'requests';
