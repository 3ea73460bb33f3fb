import {
  BUCKET,
  bucketStream,
  CONTROL_NAMESPACE,
  SERVICES,
  STREAM,
  type Fact,
  type Room,
  type ServiceName,
} from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { waitFor, withStack, type RunningService, type Stack } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { cpuMsOf, expectCount, percentile, round, rssMbOf, table, type Row } from './measure.js';

const names = SERVICES.map(({ name }) => name);
const IDLE_MS = 15_000;
const FRAMES = 200;
const FRAME_EVERY_MS = 25;
const ADD_AT_ONCE = 16;

/** The whole stack with many quiet hosts: how long until all are followed, and what they cost when nothing happens. */
export function scale(count: number): Promise<void> {
  return withStack(names, (stack, services) => withHosts(count, stack, services));
}

async function withHosts(
  count: number,
  stack: Stack,
  services: ReadonlyMap<ServiceName, RunningService>,
): Promise<void> {
  const hosts: SimHost[] = [];
  for (let i = 0; i < count; i++) hosts.push(await quietHost(i));
  const socket = io(`${stack.url}${CONTROL_NAMESPACE}`, { transports: ['websocket'], forceNew: true });
  const nc = await connect(stack.nats.connection);
  try {
    const snapshot = new Promise<unknown>((resolve) =>
      socket.on('control_fleet', (frame: { type: string }) => {
        if (frame.type === 'snapshot') resolve(frame);
      }),
    );
    const pids = new Map<string, number>([
      ...[...services].map(([name, { pid }]) => [name, pid] as const),
      ['NATS', stack.nats.pid],
      ['the simulated hosts', process.pid],
    ]);
    const cpuOfAll = (): Map<string, number> => new Map([...pids].map(([name, pid]) => [name, cpuMsOf(pid)]));
    const atStart = cpuOfAll();
    const began = performance.now();
    await addAll(stack, hosts);
    const addedMs = performance.now() - began;
    const ingest = services.get('ingest');
    await allConnected(ingest, count);
    const connectedMs = performance.now() - began;
    const untilConnected = cpuOfAll();
    await delay(5_000);

    const jsm = await jetstreamManager(nc);
    const written = async (stream: string): Promise<number> =>
      (await jsm.streams.info(stream)).state.last_seq;
    const before = cpuOfAll();
    const seqs = [await written(bucketStream(BUCKET.ingestOwners)), await written(STREAM.fleet)] as const;
    const idleBegan = performance.now();
    await delay(IDLE_MS);
    const idleMs = performance.now() - idleBegan;
    const perS = (now: number, then: number): number => round(((now - then) / idleMs) * 1000);
    const leases = perS(await written(bucketStream(BUCKET.ingestOwners)), seqs[0]);
    const facts = perS(await written(STREAM.fleet), seqs[1]);
    const parts = [...pids].map(([name, pid]): Row => {
      const cpu = round(((cpuMsOf(pid) - (before.get(name) ?? 0)) / idleMs) * 100);
      const start = round(((untilConnected.get(name) ?? 0) - (atStart.get(name) ?? 0)) / 1000);
      return {
        process: name,
        'CPU s until connected': start,
        'idle CPU % of a core': cpu,
        'RSS MB': rssMbOf(pid),
      };
    });

    await joined(socket, ['fleet', 'activity']);
    const snapshotKb = Math.round(Buffer.byteLength(JSON.stringify(await snapshot)) / 1024);
    const frames = await frameTimes(socket, hosts);
    await ingest?.stop();
    const restartBegan = performance.now();
    const again = await stack.start('ingest');
    await allConnected(again, count);
    const restartMs = performance.now() - restartBegan;
    table(`${count} quiet hosts`, [
      { what: 'added, s', figure: round(addedMs / 1000) },
      { what: 'all connected, s', figure: round(connectedMs / 1000) },
      { what: 'all connected after a restart of ingest, s', figure: round(restartMs / 1000) },
      { what: 'lease writes per s', figure: leases },
      { what: 'facts per s', figure: facts },
      { what: 'snapshot, kB', figure: snapshotKb },
      { what: 'request ends on a host → frame, p50 ms', figure: round(percentile(frames, 50)) },
      { what: 'request ends on a host → frame, p99 ms', figure: round(percentile(frames, 99)) },
    ]);
    table(`${count} quiet hosts: processes`, parts);
  } finally {
    socket.disconnect();
    await nc.close();
    await Promise.all(hosts.map((host) => host.close()));
  }
}

function quietHost(i: number): Promise<SimHost> {
  const id = `host-${String(i).padStart(4, '0')}`;
  return createSimHost({
    id,
    generation: 'C',
    models: [{ id: 'chat' }, { id: 'code' }],
    gpus: [{ name: 'GPU', totalMb: 24_000 }],
    ledgerMaxRows: 1_000,
  });
}

async function addAll(stack: Stack, hosts: readonly SimHost[]): Promise<void> {
  const left = [...hosts];
  const worker = async (): Promise<void> => {
    for (let host = left.shift(); host !== undefined; host = left.shift())
      await stack.addHost({ id: host.id, baseUrl: host.url });
  };
  await Promise.all(Array.from({ length: ADD_AT_ONCE }, worker));
}

function allConnected(ingest: RunningService | undefined, count: number): Promise<unknown> {
  return waitFor(async () => (await connectedHosts(ingest)) === count, {
    what: `${count} connected hosts`,
    timeoutMs: 90_000,
    everyMs: 100,
  });
}

async function connectedHosts(ingest: RunningService | undefined): Promise<number> {
  const text = await (await fetch(`${ingest?.url}/metrics`)).text();
  return Number(/^boo_ingest_hosts_connected(?:{[^}]*})? (\d+)/m.exec(text)?.[1] ?? 0);
}

async function joined(socket: Socket, rooms: readonly Room[]): Promise<void> {
  const answer = (await socket.timeout(10_000).emitWithAck('join', { rooms })) as { ok?: true };
  if (answer.ok !== true) throw new Error(`join: ${JSON.stringify(answer)}`);
}

/** A request ends on one host after the other; until the browser has its row, in milliseconds. */
async function frameTimes(socket: Socket, hosts: readonly SimHost[]): Promise<number[]> {
  const made = new Map<string, number>();
  const times: number[] = [];
  socket.on('control_activity', ({ facts }: { facts: Fact[] }) => {
    for (const { kind, body } of facts) {
      if (kind !== 'request') continue;
      const at = made.get(`${body.providerId} ${body.entryId}`);
      if (at !== undefined) times.push(performance.now() - at);
    }
  });
  for (let i = 0; i < FRAMES; i++) {
    const host = hosts[(i * 7) % hosts.length];
    const [row] = host?.makeRows({ source: 'scale' }) ?? [];
    made.set(`${host?.id} ${row?.id}`, performance.now());
    await delay(FRAME_EVERY_MS);
  }
  await waitFor(() => times.length >= FRAMES, { what: 'the last frames', timeoutMs: 20_000 });
  expectCount('frames', times.length, FRAMES);
  return times;
}
