'use client';
import type { SetQuery } from '../browser/query';
import { useLive } from '../live';
import { Button } from '../ui/controls';

interface UnknownHostsProps {
  query: URLSearchParams;
  setQuery: SetQuery;
}

/** What the address asks for and the fleet does not have: an old link, a slip of the finger, a host that was removed. */
export function UnknownHosts({ query, setQuery }: UnknownHostsProps) {
  const known = useLive(({ fleet }) => fleet !== null);
  const providers = useLive((state) => state.providers);
  const asked = query.getAll('host');
  const unknown = known ? asked.filter((host) => providers.every(({ id }) => id !== host)) : [];
  if (unknown.length === 0) return null;
  return (
    <p role="status" className="flex flex-wrap items-center gap-3 border-t bg-s2 px-4 py-1.5 text-sm md:px-6">
      <span className="min-w-0 [overflow-wrap:anywhere]">
        No host called {unknown.map((host) => `“${host}”`).join(', ')}. Requests of a removed host stay in the
        history.
      </span>
      <Button onClick={() => setQuery({ host: asked.filter((host) => !unknown.includes(host)) })}>
        Remove this filter
      </Button>
    </p>
  );
}
