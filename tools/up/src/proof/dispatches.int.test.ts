import { STREAM, type ActivityPage, type ActivityRow, type RouteFact } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { startStack, waitFor, type Stack } from '@boocontrol/testing';
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Requests through /v1 and straight to the hosts, mixed: every row ends with its own request or with none, and nothing is
 * counted twice. Each request has a prompt of another length, by which the test knows it again.
 */
describe('rows of activity and requests to /v1', { timeout: 240_000 }, () => {
  const model = { id: 'org/model-a', loadMs: 100 };
  const HOSTS = [
    { id: 'kept-a', generation: 'A', captureBufferMb: 10 },
    { id: 'kept-b', generation: 'B', captureBufferMb: 10 },
    { id: 'kept-c', generation: 'C', captureBufferMb: 10 },
    { id: 'bare-a', generation: 'A', captureBufferMb: 0 },
    { id: 'bare-b', generation: 'B', captureBufferMb: 0 },
    { id: 'bare-c', generation: 'C', captureBufferMb: 0 },
  ] as const;
  /** A provider that tells of no requests; what answers there counts them all the same. */
  const SERVICE = 'service';
  const hosts: SimHost[] = [];
  let service: SimHost;
  let stack: Stack;
  let words = 0;
  let direct = 0;
  /** Of requests through /v1: by their id, where they went. */
  const sent = new Map<string, string>();

  beforeAll(async () => {
    stack = await startStack();
    for (const options of HOSTS) {
      const host = await createSimHost({ ...options, models: [model], timeScale: 10 });
      hosts.push(host);
      await stack.addHost({ id: host.id, baseUrl: host.url });
    }
    service = await createSimHost({ id: SERVICE, generation: 'C', models: [model], timeScale: 10 });
    await stack.addHost({ id: SERVICE, kind: 'openai', baseUrl: service.url });
    const connected = async (): Promise<boolean> =>
      (await stack.fleet()).hosts.filter((host) => host.liveness?.state === 'connected').length >
      hosts.length;
    await waitFor(connected, { what: 'all hosts connected' });
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([...hosts, service].map((host) => host?.close()));
  });

  async function ask(baseUrl: string, asked: string, stream: boolean): Promise<string | null> {
    const content = `${++words} ${'word '.repeat(words)}`;
    const body = { model: asked, messages: [{ role: 'user', content }], stream, max_tokens: 4 + (words % 5) };
    const answer = await fetch(`${baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-boo-source': 'proof' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return answer.headers.get('x-request-id');
  }
  const through = async (providerId: string, stream: boolean): Promise<void> => {
    sent.set((await ask(stack.url, `${providerId}/${model.id}`, stream)) ?? '', providerId);
  };
  const recordOf = async (id: string): Promise<RouteFact> =>
    (await (await fetch(`${stack.url}/api/routing/dispatches/${id}`)).json()) as RouteFact;
  /** Five at once at every host: three through /v1, two straight, streams and not. */
  async function round(): Promise<void> {
    await Promise.all([
      ...hosts.flatMap((host) => [
        through(host.id, true),
        through(host.id, false),
        through(host.id, true),
        ask(host.url, model.id, true),
        ask(host.url, model.id, false),
      ]),
      ...[true, false, true].map((stream) => through(SERVICE, stream)),
    ]);
    direct += 2 * hosts.length;
  }
  const rowsOf = async (id: string): Promise<ActivityRow[]> => {
    const answer = await fetch(`${stack.url}/api/activity?dispatchId=${id}`);
    return ((await answer.json()) as ActivityPage).rows;
  };
  /** Waits until each has its row, then looks at all of them. */
  async function expectJoined(): Promise<void> {
    const joined = (rows: readonly ActivityRow[]): number =>
      rows.filter(({ dispatchId }) => dispatchId).length;
    const rows = await waitFor(
      async () => {
        const all = await stack.allRows();
        return all.length === sent.size + direct && joined(all) === sent.size && all;
      },
      { what: 'a row for each request, joined with it' },
    );
    const own = new Map<string, string>();
    for (const [id, providerId] of sent) own.set(`${providerId} ${(await recordOf(id)).promptTokens}`, id);
    expect(own.size).toBe(sent.size);
    for (const { dispatchId, dispatch, providerId, promptTokens } of rows) {
      const key = `${providerId} ${promptTokens}`;
      expect(dispatchId ?? undefined, key).toBe(own.get(key));
      const isKnown = !providerId.startsWith('bare');
      if (dispatchId) expect(dispatch).toMatchObject({ joined: isKnown ? 'exact' : 'matched', attempts: 1 });
    }
    const ledger = hosts.reduce((sum, host) => sum + host.rows().length, 0);
    const ofService = [...sent.values()].filter((providerId) => providerId === SERVICE).length;
    expect(service.rows()).toHaveLength(ofService);
    const totals = (await stack.totals()).groups.reduce((sum, group) => sum + group.requests, 0);
    expect(totals).toBe(ledger + ofService);
    const [first = ''] = sent.keys();
    expect(await rowsOf(first)).toHaveLength(1);
  }

  test('each row has its own request, or none', async () => {
    await round();
    await expectJoined();
  });

  test('two processes and one that is killed in between', async () => {
    await stack.start('fleet-state');
    const asking = round();
    await stack.killAndRestart('fleet-state');
    await asking;
    await round();
    await expectJoined();
  });

  test('a log that is wiped and begins again at 1', async () => {
    const nc = await connect(stack.nats.connection);
    try {
      const jsm = await jetstreamManager(nc);
      await jsm.streams.delete(STREAM.routes);
      await waitFor(() => jsm.streams.info(STREAM.routes), {
        what: 'the stream made again',
        timeoutMs: 30_000,
      });
    } finally {
      await nc.close();
    }
    await round();
    await expectJoined();
  });

  test('a database that comes later', async () => {
    await stack.postgres.kill9();
    await round();
    await stack.postgres.restart();
    await expectJoined();
  });
});
