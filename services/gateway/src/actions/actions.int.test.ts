import { calls, type ActionPreview, type Submitted } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { action, idOf, succeeded } from '../testing/actions.js';
import type { TestGateway } from '../testing/gateway.js';
import { StandIns } from '../testing/stand-ins.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let standIns: StandIns;

beforeAll(async () => {
  world = await World.create();
  standIns = new StandIns(world.bus);
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the first rebuild' });
});
afterEach(() => standIns?.stop());
afterAll(() => world?.stop());

const answering: StandIns['answering'] = (...args) => standIns.answering(...args);

const WARM = { kind: 'warm', providerId: 'tower', model: 'org/model' };
const submitted: Submitted = { action: action(1), ahead: 0, isReplay: false };
const preview: ActionPreview = {
  refusal: { code: 'host_leased', message: 'bench has it', requiresConfirmation: true },
  ahead: 1,
  evicts: [],
  load: null,
  inflight: [],
  sentence: 'It would be loaded.',
};

describe('POST /api/actions', () => {
  it('says in words when nobody answers', async () => {
    const { status, error } = await gateway.call('POST', '/api/actions', WARM);
    expect([status, error?.code]).toEqual([503, 'unavailable']);
    expect(error?.message).toContain('The actions service');
  });

  it('passes on what is asked, by whom and under which lease, and says where the action is', async () => {
    const asked = await answering(calls.submitAction.subject, () => submitted);
    const plain = await gateway.call('POST', '/api/actions', WARM, { 'user-agent': 'curl/8.5' });
    expect([plain.status, plain.headers.get('location')]).toEqual([202, `/api/actions/${idOf(1)}`]);
    expect(plain.body).toEqual(submitted);
    await gateway.call('POST', '/api/actions?confirm=true&dryRun=false', WARM, {
      'x-boo-source': 'My App',
      'x-boo-lease': '1763700000000.17',
      'idempotency-key': 'nightly 1',
    });
    expect(asked).toEqual([
      { request: WARM, source: 'curl', confirm: false },
      {
        request: WARM,
        source: 'my-app',
        confirm: true,
        fencingToken: '1763700000000.17',
        idempotencyKey: 'nightly 1',
      },
    ]);
  });

  it.each([
    { kind: 'unload', providerId: 'tower', model: 'm' },
    { kind: 'unload-all', providerId: 'tower' },
    { kind: 'profile', providerId: 'tower', profile: null },
    { kind: 'cancel', providerId: 'tower', inflightId: '17' },
  ])('takes $kind', async (request) => {
    const asked = await answering(calls.submitAction.subject, () => submitted);
    expect((await gateway.call('POST', '/api/actions', request)).status).toBe(202);
    expect(asked).toMatchObject([{ request }]);
  });

  it('tells the profiles of a host', async () => {
    const known = { active: null, profiles: [{ id: 'night', description: '' }] };
    const asked = await answering(calls.hostProfiles.subject, () => known);
    expect(await gateway.call('GET', '/api/providers/tower/profiles')).toMatchObject({
      status: 200,
      body: known,
    });
    expect(asked).toEqual([{ providerId: 'tower' }]);
  });

  it('asks what it would do with dryRun, and nothing else', async () => {
    const submits = await answering(calls.submitAction.subject, () => submitted);
    const previews = await answering(calls.previewAction.subject, () => preview);
    const path = '/api/actions?dryRun=true&confirm=true';
    const reply = await gateway.call('POST', path, WARM, { 'x-boo-source': 'web' });
    expect(reply).toMatchObject({ status: 200, body: preview });
    expect(reply.headers.get('location')).toBeNull();
    expect(previews).toEqual([{ request: WARM, source: 'web', confirm: true }]);
    expect(submits).toEqual([]);
  });

  it('refuses with the status of the code, and says which refusals are a question', async () => {
    const details = { holder: 'bench', purpose: 'bench of org/model', until: null };
    await answering(calls.submitAction.subject, (question) => {
      const isConfirmed = (question as { confirm: boolean }).confirm;
      throw isConfirmed
        ? { code: 'queue_full', message: 'full', details: { queue: [action(1)] } }
        : { code: 'bench_in_progress', message: 'bench has it', details };
    });
    const refused = await gateway.call('POST', '/api/actions', WARM);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        error: { code: 'bench_in_progress', message: 'bench has it', requiresConfirmation: true, details },
      },
    });
    const full = await gateway.call('POST', '/api/actions?confirm=true', WARM);
    expect([full.status, full.error?.code]).toEqual([409, 'queue_full']);
    expect(full.error).not.toHaveProperty('requiresConfirmation');
    expect(full.error?.details).toEqual({ queue: [action(1)] });
  });

  it.each([
    ['unknown_provider', 404],
    ['unknown_model', 404],
    ['unknown_profile', 404],
    ['unknown_request', 404],
    ['host_offline', 409],
    ['host_disabled', 409],
    ['in_maintenance', 409],
    ['stale_lease', 409],
    ['not_offered', 409],
    ['idempotency_conflict', 409],
    ['unavailable', 503],
  ])('%s is %i', async (code, status) => {
    await answering(calls.submitAction.subject, () => {
      throw { code, message: 'because' };
    });
    expect(await gateway.call('POST', '/api/actions', WARM)).toMatchObject({
      status,
      error: { code, message: 'because' },
    });
  });

  it('does not pass on an answer that is none', async () => {
    await answering(calls.submitAction.subject, () => ({ action: { id: 1 } }));
    expect(await gateway.call('POST', '/api/actions', WARM)).toMatchObject({
      status: 502,
      error: { code: 'bad_upstream_answer' },
    });
  });

  it.each([
    ['no body', '', undefined, {}, 'body'],
    ['another kind', '', { kind: 'explode', providerId: 'tower' }, {}, 'kind'],
    ['no model', '', { kind: 'warm', providerId: 'tower' }, {}, 'model'],
    ['a model too many', '', { kind: 'unload-all', providerId: 'tower', model: 'm' }, {}, 'model'],
    ['a host that is a wildcard', '', { ...WARM, providerId: '*' }, {}, 'providerId'],
    ['a host that is a path of subjects', '', { ...WARM, providerId: 'a.b' }, {}, 'providerId'],
    ['NUL in the model', '', { ...WARM, model: 'a\0' }, {}, 'model'],
    ['a word for a yes', '?confirm=yes', WARM, {}, 'confirm'],
    ['yes and no', '?confirm=true&confirm=false', WARM, {}, 'confirm'],
    ['an empty dryRun', '?dryRun', WARM, {}, 'dryRun'],
    ['an unknown parameter', '?dryrun=true', WARM, {}, 'dryrun'],
    ['an empty key', '', WARM, { 'idempotency-key': '' }, 'Idempotency-Key'],
    ['a long key', '', WARM, { 'idempotency-key': 'k'.repeat(201) }, 'Idempotency-Key'],
    ['a key beyond ASCII', '', WARM, { 'idempotency-key': 'caf\u00e9' }, 'Idempotency-Key'],
    ['a token that is none', '', WARM, { 'x-boo-lease': 'latest' }, 'X-Boo-Lease'],
    ['an endless token', '', WARM, { 'x-boo-lease': `1.${'9'.repeat(200)}` }, 'X-Boo-Lease'],
  ])('%s is not valid', async (_what, query, body, headers, named) => {
    const asked = await answering(calls.submitAction.subject, () => submitted);
    const previewed = await answering(calls.previewAction.subject, () => preview);
    const { status, error } = await gateway.call('POST', `/api/actions${query}`, body, headers);
    expect([status, error?.code]).toEqual([400, 'validation']);
    expect(error?.message).toContain(named);
    expect([asked, previewed]).toEqual([[], []]);
  });

  it('takes any source, and makes one of it', async () => {
    const asked = await answering(calls.submitAction.subject, () => submitted);
    for (const source of ['x'.repeat(5_000), '../../etc', ' '])
      expect(
        (await gateway.call('POST', '/api/actions', WARM, { 'x-boo-source': source, 'user-agent': '' }))
          .status,
      ).toBe(202);
    expect(asked.map((question) => (question as { source: string }).source)).toEqual([
      'x'.repeat(64),
      'etc',
      'unattributed',
    ]);
  });
});

describe('queue and history', () => {
  it('are asked page by page', async () => {
    const page = { open: [action(2)], ended: [succeeded(action(1))], nextCursor: 'bmV4dA' };
    const asked = await answering(calls.actions.subject, () => page);
    expect(await gateway.get('/api/actions?providerId=tower&limit=7&cursor=bmV4dA')).toMatchObject({
      status: 200,
      body: page,
    });
    expect(asked).toEqual([{ providerId: 'tower', limit: 7, cursor: 'bmV4dA' }]);
    for (const query of ['limit=0', 'limit=501', 'providerId=A', 'state=queued'])
      expect((await gateway.get(`/api/actions?${query}`)).status).toBe(400);
  });

  it('have one action by its id, which is where a submitted one is', async () => {
    await answering(calls.submitAction.subject, () => submitted);
    const asked = await answering(calls.action.subject, (question) => {
      if ((question as { id: string }).id === idOf(1)) return succeeded(action(1));
      throw { code: 'not_found', message: 'no such action' };
    });
    const location = (await gateway.call('POST', '/api/actions', WARM)).headers.get('location') ?? '';
    expect(await gateway.get(location)).toMatchObject({ status: 200, body: succeeded(action(1)) });
    expect((await gateway.get(`/api/actions/${idOf(2)}`)).status).toBe(404);
    expect((await gateway.get('/api/actions/queue')).status).toBe(400);
    expect(asked).toEqual([{ id: idOf(1) }, { id: idOf(2) }]);
  });

  it('lose an action that is taken back, and keep one that has started', async () => {
    const asked = await answering(calls.takeBackAction.subject, (question) => {
      if ((question as { id: string }).id === idOf(1)) return { ...succeeded(action(1)), state: 'cancelled' };
      throw { code: 'already_started', message: 'it runs' };
    });
    expect(await gateway.call('DELETE', `/api/actions/${idOf(1)}`)).toMatchObject({
      status: 200,
      body: { id: idOf(1), state: 'cancelled' },
    });
    expect(await gateway.call('DELETE', `/api/actions/${idOf(2)}`)).toMatchObject({
      status: 409,
      error: { code: 'already_started' },
    });
    expect(asked).toEqual([{ id: idOf(1) }, { id: idOf(2) }]);
    for (const id of ['1', 'a%2Fb', `${idOf(1)}0`, '*'])
      expect((await gateway.call('DELETE', `/api/actions/${id}`)).error?.code).toBe('validation');
    expect(asked).toHaveLength(2);
  });
});
