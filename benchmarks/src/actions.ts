import {
  ActionFactSchema,
  calls,
  subjects,
  SubmittedSchema,
  type ActionRequest,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { createSimHost } from '@boocontrol/sim';
import { waitFor, withStack } from '@boocontrol/testing';
import { jetstream } from '@nats-io/jetstream';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { benchBus } from './facts.js';
import { expectCount, percentile, ratio, round, table } from './measure.js';

const ACTIONS = 200;
const WARM_UP = 20;
const COMMAND = '/api/profiles/active';
const HOST = 'bench';

/** From asking for an action to the command at the host, and from the host's answer to the fact on the bus. */
export async function actions(): Promise<void> {
  const host = await createSimHost({ models: [{ id: 'm' }], profileList: [{ id: 'a' }, { id: 'b' }] });
  const watch = await watched(host.url);
  try {
    await withStack(['ingest', 'fleet-state', 'actions', 'gateway'], async (stack) => {
      const nc = await benchBus(stack.nats);
      const rpc = new RpcClient(nc);
      const toldAt = new Map<string, number>();
      nc.subscribe(subjects.action(HOST, 'succeeded'), {
        callback: (_error, msg) =>
          void toldAt.set(ActionFactSchema.parse(msg.json()).action.id, performance.now()),
      });
      const profileOf = (n: number): string => (n % 2 === 0 ? 'a' : 'b');
      const wish = (n: number): ActionRequest => ({
        kind: 'profile',
        providerId: HOST,
        profile: profileOf(n),
      });
      const ways: Record<string, (n: number) => Promise<string>> = {
        'submitted over the bus': async (n) =>
          (await rpc.ask(calls.submitAction, { request: wish(n), source: 'bench' })).action.id,
        'POST /api/actions': async (n) => {
          const answer = await fetch(`${stack.url}/api/actions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(wish(n)),
          });
          return SubmittedSchema.parse(await answer.json()).action.id;
        },
      };
      const db = new Client({ connectionString: stack.postgres.url });
      await db.connect();
      await db.query('CREATE TABLE bench_steps (id serial PRIMARY KEY, state text)');
      const call = async (n: number): Promise<void> => {
        const body = JSON.stringify({ name: profileOf(n) });
        await (await fetch(`${watch.url}${COMMAND}`, { method: 'PUT', body })).text();
      };
      /** What no order of steps can do without: a row, a place in a queue, two changes of the row, each durable. */
      const steps = async (n: number): Promise<void> => {
        await db.query(`INSERT INTO bench_steps (state) VALUES ('new')`);
        await jetstream(nc).publish(subjects.job('bench', 'bench', 'progress'), JSON.stringify({ n }));
        for (const state of ['queued', 'started'])
          await db.query('UPDATE bench_steps SET state = $1 WHERE id = lastval()', [state]);
        await call(n);
      };
      const raw: number[] = [];
      const bare: number[] = [];
      const there: Record<string, number[]> = {};
      const back: number[] = [];
      try {
        await stack.addHost({ id: HOST, baseUrl: watch.url });
        await waitFor(() => ways['submitted over the bus']?.(0), { what: 'the first action' });
        await waitFor(() => toldAt.size === 1, { what: 'its end' });
        const before = host.commands().length;
        // In turns, so that what else the machine does meets all of them.
        for (let n = -WARM_UP; n < ACTIONS; n++) {
          for (const [work, times] of [
            [call, raw],
            [steps, bare],
          ] as const) {
            const began = performance.now();
            await work(n);
            if (n >= 0) times.push(watch.arrivedAt() - began);
          }
          for (const [way, submit] of Object.entries(ways)) {
            const askedAt = performance.now();
            const id = await submit(n);
            const at = await waitFor(() => toldAt.get(id), { what: 'its end', everyMs: 1 });
            if (n < 0) continue;
            (there[way] ??= []).push(watch.arrivedAt() - askedAt);
            back.push(at - watch.answeredAt());
          }
        }
        expectCount('commands at the host', host.commands().length - before, (ACTIONS + WARM_UP) * 4);
      } finally {
        await db.end();
        await nc.close();
      }
      const row = (way: string, times: readonly number[]) => ({
        way,
        'p50 ms': round(percentile(times, 50), 2),
        'p99 ms': round(percentile(times, 99), 2),
        'p50 of the raw call': `${ratio(percentile(times, 50), percentile(raw, 50))}x`,
        'p50 of the bare steps': `${ratio(percentile(times, 50), percentile(bare, 50))}x`,
      });
      table(`actions: ${ACTIONS} switches of a profile, one after the other`, [
        row('raw: the call, until the host has it', raw),
        row('three commits and a publish, then the call', bare),
        ...Object.entries(there).map(([way, times]) => row(`${way}, until the host has it`, times)),
        row('the host’s answer, until the fact is on the bus', back),
      ]);
    });
  } finally {
    watch.close();
    await host.close();
  }
}

/** The host behind a door that notes when a command comes in and when its answer has gone out. */
async function watched(target: string): Promise<{
  url: string;
  arrivedAt: () => number;
  answeredAt: () => number;
  close: () => void;
}> {
  let arrived = NaN;
  let answered = NaN;
  const server: Server = createServer((req, res) => {
    const isCommand = req.method === 'PUT' && req.url === COMMAND;
    if (isCommand) arrived = performance.now();
    const passed = ask(`${target}${req.url}`, { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      if (isCommand) answer.once('end', () => (answered = performance.now()));
      answer.pipe(res);
      answer.once('error', () => res.destroy());
    });
    passed.once('error', () => res.destroy());
    res.once('close', () => passed.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivedAt: () => arrived,
    answeredAt: () => answered,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
