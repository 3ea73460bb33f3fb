'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { throughput } from '@boocontrol/fleet-model';
import { NONE } from '../format/number';
import { livenessView } from '../hosts/liveness';
import { fleetNow, live } from '../live';
import type { Column } from '../page/columns';
import { Tag } from '../ui/marks';
import { Menu } from '../ui/Menu';
import type { HostActions } from '../hosts/actions';
import { compactView } from './compact';
import { Flow, HostName, InFlight, Models, State, Temperature, Version, Vram } from './TableCells';

const hostOf = ({ id }: PublicProvider) => live.get().fleet?.hosts[id];
const viewOf = (provider: PublicProvider) => {
  const host = hostOf(provider);
  return host ? compactView(provider, host, live.get().meters[provider.id], live.get().marks) : null;
};

/** What is wrong comes first. */
const URGENCY = ['error', 'busy', 'ready', 'own', 'neutral', 'down'];

export function fleetColumns(actions: HostActions): readonly Column<PublicProvider>[] {
  return [
    {
      id: 'host',
      name: 'Host',
      minPx: 140,
      grow: 1.2,
      fixed: true,
      sortBy: ({ label }) => label,
      render: (provider) => <HostName provider={provider} />,
    },
    {
      id: 'state',
      name: 'State',
      minPx: 150,
      grow: 1,
      sortBy: (provider) =>
        URGENCY.indexOf(livenessView(provider, hostOf(provider)?.liveness ?? null, 0).tone),
      render: (provider) => <State provider={provider} />,
    },
    {
      id: 'models',
      name: 'Loaded models',
      minPx: 150,
      grow: 2,
      sortBy: (provider) => viewOf(provider)?.first?.id ?? null,
      render: (provider) => <Models provider={provider} />,
    },
    {
      id: 'inflight',
      name: 'In flight',
      hint: 'Requests under way',
      minPx: 50,
      numeric: true,
      largestFirst: true,
      sortBy: (provider) => hostOf(provider)?.inflight?.total ?? null,
      render: (provider) => <InFlight provider={provider} />,
    },
    {
      id: 'flow',
      name: 'tok/s',
      hint: 'Generated tokens per second',
      minPx: 50,
      numeric: true,
      largestFirst: true,
      sortBy: (provider) => {
        const host = hostOf(provider);
        return host ? throughput(host, fleetNow()).outputTps : null;
      },
      render: (provider) => <Flow provider={provider} />,
    },
    {
      id: 'vram',
      name: 'VRAM',
      hint: 'Used of all GPUs together, GB',
      minPx: 104,
      numeric: true,
      largestFirst: true,
      sortBy: (provider) => viewOf(provider)?.vram.fraction ?? null,
      render: (provider) => <Vram provider={provider} />,
    },
    {
      id: 'temperature',
      name: '°C',
      hint: 'The hottest GPU',
      minPx: 32,
      numeric: true,
      largestFirst: true,
      sortBy: (provider) => viewOf(provider)?.tempC ?? null,
      render: (provider) => <Temperature provider={provider} />,
    },
    {
      id: 'tags',
      name: 'Tags',
      minPx: 140,
      grow: 1,
      optional: true,
      sortBy: ({ tags }) => tags.join(' ') || null,
      render: ({ tags }) => (
        <span className="flex gap-1.5 overflow-hidden">
          {tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </span>
      ),
    },
    {
      id: 'address',
      name: 'Address',
      minPx: 190,
      grow: 1,
      optional: true,
      sortBy: ({ baseUrl }) => baseUrl,
      render: ({ baseUrl }) => <span className="truncate font-mono">{baseUrl}</span>,
    },
    {
      id: 'version',
      name: 'llama-swap',
      hint: 'Version of llama-swap',
      minPx: 90,
      optional: true,
      sortBy: (provider) => hostOf(provider)?.liveness?.version?.version ?? null,
      render: ({ id }) => <Version id={id} />,
    },
    {
      id: 'gpu',
      name: 'GPU',
      minPx: 120,
      optional: true,
      sortBy: ({ gpuLabel }) => gpuLabel ?? null,
      render: ({ gpuLabel }) => <span className="truncate">{gpuLabel ?? NONE}</span>,
    },
    {
      id: 'actions',
      name: 'Actions',
      bare: true,
      minPx: 32,
      fixed: true,
      render: (provider) => (
        // Presses in the menu are not presses on the row.
        <span onClick={(event) => event.stopPropagation()} className="-my-1">
          <Menu label={`Actions for ${provider.label}`} items={actions.itemsFor(provider)} />
        </span>
      ),
    },
  ];
}
