import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, FIGURES, ResultSchema, type BenchDefinitions, type Sample } from '@boocontrol/contracts';
import { projectRoot, waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

type Json = Record<string, unknown>;
function sample(name: string): Json {
  const path = join(projectRoot(), 'libs/contracts/samples/0.1.0', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}
const id = '3f0c6a52-98a1-4b6e-9d55-0a7f1b0c9e00';
const schedule = 'c2a9e0f1-6d4b-4e8a-b1c7-9f8e7d6c5b40';
const KEY = 'suiteName=coding-agent&providerId=tower&model=org%2Fcoder-30b';
const suite = sample('file.bench_suite');
const scheduled = { suiteName: 'quick', at: '03:30' };
const days = [1, 2, 3, 4, 5, 6, 7];
const filled = { targets: [], days, timeZone: 'UTC', enabled: true };
const target = { providerId: 'tower', model: 'org/coder-30b' };

type Name = Extract<keyof typeof calls, `${string}Bench${string}` | `bench${string}` | 'recordedTraffic'>;
const GATHERED: ReadonlySet<Name> = new Set(['benchSuites', 'benchSuiteVersions', 'benchSchedules']);
/** method, path, body, call, what the service is asked, status. */
const ROUTES: [string, string, unknown, Name, Json, number][] = [
  ['GET', '/suites', undefined, 'benchSuites', {}, 200],
  ['GET', '/suites/quick/versions', undefined, 'benchSuiteVersions', { name: 'quick' }, 200],
  ['PUT', '/suites/quick', { suite, ifHash: null }, 'saveBenchSuite', { name: 'quick', ifHash: null }, 200],
  ['DELETE', '/suites/quick', undefined, 'removeBenchSuite', { name: 'quick' }, 204],
  ['POST', '/estimate', { suite: 'quick' }, 'estimateBench', { suite: 'quick' }, 200],
  [
    'POST',
    '/runs',
    { suite: 'quick', targets: [target], confirm: true },
    'startBench',
    { suite: 'quick', targets: [target], confirm: true, source: 'night-watch' },
    202,
  ],
  ['GET', '/runs?limit=7&state=failed', undefined, 'benchRuns', { limit: 7, state: 'failed' }, 200],
  ['GET', `/runs/${id}?against=${schedule}`, undefined, 'benchRun', { id, against: schedule }, 200],
  ['DELETE', `/runs/${id}`, undefined, 'removeBenchRun', { id }, 204],
  ['POST', `/runs/${id}/cancel`, undefined, 'cancelBench', { id, source: 'night-watch' }, 200],
  [
    'POST',
    `/runs/${id}/rerun`,
    { cells: [1] },
    'rerunBench',
    { id, cells: [1], confirm: false, source: 'night-watch' },
    202,
  ],
  ['GET', `/runs/${id}/samples?cell=1`, undefined, 'benchSamples', { id, cell: 1, limit: 200 }, 200],
  [
    'POST',
    '/imports',
    { ...target, output: '[]' },
    'importBench',
    { ...target, output: '[]', source: 'night-watch' },
    201,
  ],
  ['GET', '/baselines', undefined, 'benchBaselines', {}, 200],
  ['PUT', `/runs/${id}/baseline`, undefined, 'setBenchBaseline', { id, source: 'night-watch' }, 200],
  [
    'DELETE',
    `/baselines?${KEY}`,
    undefined,
    'removeBenchBaseline',
    { suiteName: 'coding-agent', ...target },
    204,
  ],
  ['GET', '/schedules', undefined, 'benchSchedules', {}, 200],
  ['POST', '/schedules', scheduled, 'saveBenchSchedule', { ...scheduled, ...filled }, 201],
  [
    'PUT',
    `/schedules/${schedule}`,
    scheduled,
    'saveBenchSchedule',
    { ...scheduled, ...filled, id: schedule },
    200,
  ],
  ['DELETE', `/schedules/${schedule}`, undefined, 'removeBenchSchedule', { id: schedule }, 204],
  ['GET', '/history?figure=genTps&days=30', undefined, 'benchHistory', { figure: 'genTps', days: 30 }, 200],
  ['GET', '/fastest', undefined, 'benchFastest', {}, 200],
  [
    'POST',
    '/recorded-traffic',
    { source: 'opencode', from: '2026-11-20T16:00:00Z', to: '2026-11-20T17:00:00Z' },
    'recordedTraffic',
    { source: 'opencode' },
    200,
  ],
];

describe('every route', () => {
  it.each(ROUTES)('%s %s is passed on', async (method, path, body, name, asked, status) => {
    const reply = sample(`call.${name}.reply`);
    const questions = await answering(calls[name].subject, () => reply);
    const answer = await gateway.call(method, `/api/bench${path}`, body, { 'x-boo-source': 'night-watch' });
    expect([answer.status, answer.error]).toEqual([status, undefined]);
    expect(questions).toMatchObject([asked]);
    // Pages of these are gathered; everything else is told as it is.
    const { nextCursor: _cursor, ...gathered } = (reply ?? {}) as Json;
    if (status !== 204) expect(answer.body).toMatchObject(GATHERED.has(name) ? gathered : reply);
  });

  it.each(ROUTES)('%s %s says when nobody answers', async (method, path, body) => {
    const { status, error } = await gateway.call(method, `/api/bench${path}`, body);
    expect([status, error?.code]).toEqual([503, 'unavailable']);
    expect(error?.message).toContain('The bench service');
  });

  it.each(
    ROUTES.flatMap((route) =>
      Object.entries(calls[route[3]].errors).map((error) => [...route, ...error] as const),
    ),
  )('%s %s refuses', async (method, path, body, name, _asked, _status, code, status) => {
    await answering(calls[name].subject, () => {
      throw { code, message: 'because', details: { who: 'opencode' } };
    });
    const answer = await gateway.call(method, `/api/bench${path}`, body);
    expect(answer).toMatchObject({
      status,
      error: { code, message: 'because', details: { who: 'opencode' } },
    });
    const isQuestion = ['host_leased', 'bench_in_progress', 'host_busy'].includes(code);
    expect(answer.error?.requiresConfirmation).toBe(isQuestion ? true : undefined);
  });
});

describe('what is hostile or wrong', () => {
  const start = { suite: 'quick' };
  it.each([
    ['GET', '/runs/1', undefined, 'id'],
    ['GET', `/runs/${id}0`, undefined, 'id'],
    ['GET', '/runs/..%2F..%2Fetc', undefined, 'id'],
    ['DELETE', '/runs/*', undefined, 'id'],
    ['GET', `/runs/${id}?against=x`, undefined, 'against'],
    ['GET', '/runs?limit=0', undefined, 'limit'],
    ['GET', '/runs?limit=201', undefined, 'limit'],
    ['GET', '/runs?state=done', undefined, 'state'],
    ['GET', '/runs?model=a%00b', undefined, 'model'],
    ['GET', `/runs?cursor=${'x'.repeat(513)}`, undefined, 'cursor'],
    ['GET', '/runs?nothing=1', undefined, 'nothing'],
    ['GET', `/runs/${id}/samples?cell=-1`, undefined, 'cell'],
    ['GET', `/runs/${id}/export?format=exe`, undefined, 'format'],
    ['POST', '/runs', undefined, 'body'],
    ['POST', '/runs', { ...start, targets: [] }, 'targets'],
    ['POST', '/runs', { ...start, targets: [{ providerId: '*', model: 'm' }] }, 'providerId'],
    ['POST', '/runs', { ...start, targets: [{ ...target, more: 1 }] }, 'more'],
    ['POST', '/runs', { ...start, seed: 2 ** 31 }, 'seed'],
    ['POST', '/runs', { ...start, confirm: 'yes' }, 'confirm'],
    ['POST', '/runs', { ...start, source: 'root' }, 'source'],
    ['POST', '/runs', { suite: '../quick' }, 'suite'],
    ['POST', '/estimate', { suite: { ...suite, name: 'a\0b' } }, 'suite'],
    ['PUT', '/suites/No%20Name', { suite }, 'name'],
    ['PUT', `/suites/${'s'.repeat(64)}`, { suite }, 'name'],
    ['PUT', '/suites/mine', { suite: { ...suite, sampling: { model: 'other' } } }, 'sampling'],
    ['PUT', '/suites/mine', { suite: { ...suite, sampling: { grammar: 'a\0b' } } }, 'sampling'],
    ['PUT', '/suites/mine', { suite: { ...suite, sampling: { grammar: '\ud800' } } }, 'sampling'],
    ['PUT', '/suites/mine', { suite: { ...suite, sampling: { grammar: 'x'.repeat(30_000) } } }, 'sampling'],
    ['PUT', '/suites/mine', { suite: { ...suite, description: 'a\0b' } }, 'description'],
    ['PUT', '/suites/mine', { suite: { ...suite, targets: [{ provider: 'a\0', model: '*' }] } }, 'provider'],
    ['PUT', '/suites/mine', { suite: { ...suite, host: 'tower' } }, 'host'],
    [
      'PUT',
      '/suites/mine',
      { suite: { ...suite, promptTokens: Array(64).fill(1), outputTokens: Array(64).fill(1) } },
      'combinations',
    ],
    ['DELETE', '/suites/%2A', undefined, 'name'],
    ['DELETE', '/baselines?suiteName=a&providerId=tower', undefined, 'model'],
    ['POST', '/schedules', { ...scheduled, at: '24:00' }, 'at'],
    ['POST', '/schedules', { ...scheduled, days: [0] }, 'days'],
    ['POST', '/schedules', { ...scheduled, confirm: true }, 'confirm'],
    ['GET', '/history', undefined, 'figure'],
    ['GET', '/history?figure=constructor', undefined, 'figure'],
    ['POST', `/runs/${id}/rerun`, { cells: [] }, 'cells'],
    ['POST', '/imports', { ...target, output: 'x'.repeat(500_001) }, 'output'],
  ])('%s %s is not valid (%#)', async (method, path, body, named) => {
    const asked = await Promise.all(ROUTES.map(([, , , name]) => answering(calls[name].subject, () => null)));
    const { status, error } = await gateway.call(method, `/api/bench${path}`, body);
    expect([status, error?.code]).toEqual([400, 'validation']);
    expect(error?.message).toContain(named);
    expect(asked.flat()).toEqual([]);
  });

  it('a suite that is nested without end is refused', async () => {
    const asked = await answering(calls.saveBenchSuite.subject, () => sample('call.saveBenchSuite.reply'));
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const body = JSON.stringify({ suite: { ...suite, sampling: { deep: 'HERE' } } }).replace('"HERE"', deep);
    expect(await gateway.call('PUT', '/api/bench/suites/mine', body)).toMatchObject({
      status: 400,
      error: { code: 'validation' },
    });
    expect(asked).toEqual([]);
  });

  it('bodies may be large where suites or files are in them, and not larger', async () => {
    const requests = Array.from({ length: 5_000 }, (_, index) => ({
      atMs: index * 1_000.125,
      promptTokens: 123_456,
      outputTokens: 12_345,
    }));
    const replay = { ...suite, load: { kind: 'replay', requests } };
    const asked = await answering(calls.saveBenchSuite.subject, () => sample('call.saveBenchSuite.reply'));
    expect((await gateway.call('PUT', '/api/bench/suites/mine', { suite: replay })).status).toBe(200);
    expect(asked).toHaveLength(1);
    const pad = ' '.repeat(800_000);
    const large = await gateway.call('PUT', '/api/bench/suites/mine', `${JSON.stringify({ suite })}${pad}`);
    expect([large.status, large.error?.code]).toEqual([413, 'too_large']);
    const small = await gateway.call(
      'POST',
      '/api/bench/schedules',
      `${JSON.stringify(scheduled)}${pad.slice(500_000)}`,
    );
    expect([small.status, small.error?.code]).toEqual([413, 'too_large']);
  });
});

describe('suites', () => {
  it('are gathered from all pages', async () => {
    const page = sample('call.benchSuites.reply') as { suites: Json[]; problems: Json[] };
    const asked = await answering(calls.benchSuites.subject, (question) => {
      const { cursor } = question as { cursor?: string };
      return { ...page, nextCursor: cursor === undefined ? 'bmV4dA' : null };
    });
    const { body } = await gateway.get('/api/bench/suites');
    expect(body).toEqual({ suites: [...page.suites, ...page.suites], problems: page.problems });
    expect(asked).toEqual([{}, { cursor: 'bmV4dA' }]);
  });
});

describe('export', () => {
  const detail = sample('call.benchRun.reply');
  const [one] = (sample('call.benchSamples.reply') as { samples: Sample[] }).samples;
  const pageOf = (from: number, nextCursor: string | null): Json => ({
    samples: Array.from({ length: 200 }, (_, n) => ({ ...one, startMs: from + n })),
    nextCursor,
  });

  it('is the file of the command line, all samples in it, for download', async () => {
    await answering(calls.benchRun.subject, () => detail);
    await answering(calls.benchSamples.subject, (question) => {
      const { cursor } = question as { cursor?: string };
      const at = cursor === undefined ? 0 : Number(cursor);
      return pageOf(at, at < 800 ? String(at + 200) : null);
    });
    const { status, headers, body } = await gateway.get(`/api/bench/runs/${id}/export`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="bench-coding-agent-tower-3f0c6a52.json"',
    );
    const result = ResultSchema.parse(body);
    expect(result.samples.map(({ startMs }) => startMs)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(result.status).toBe('complete');
    expect(result.cells.map(({ contamination }) => contamination?.length)).toEqual([0, 1]);
  });

  it.each([
    ['csv', 'text/csv; charset=utf-8', /^run,started,host,model,.*\r\n/],
    ['md', 'text/markdown; charset=utf-8', /^### org\/coder-30b on /],
  ])('as %s is what the command line reports', async (format, type, text) => {
    await answering(calls.benchRun.subject, () => detail);
    const asked = await answering(calls.benchSamples.subject, () => pageOf(0, null));
    const { headers, body } = await gateway.get<string>(`/api/bench/runs/${id}/export?format=${format}`);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toContain(`.${format}"`);
    expect(body).toMatch(text);
    expect(body).toContain('opencode');
    expect(asked).toEqual([]);
  });

  it('of a run that has not ended, or measured nothing, is refused', async () => {
    await answering(calls.benchRun.subject, () => sample('call.benchRun.reply@queued'));
    expect(await gateway.get(`/api/bench/runs/${id}/export`)).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
    });
  });

  it('that breaks off is no JSON', async () => {
    await answering(calls.benchRun.subject, () => detail);
    await answering(calls.benchSamples.subject, (question) => {
      if ((question as { cursor?: string }).cursor === undefined) return pageOf(0, 'bmV4dA');
      throw { code: 'bad_cursor', message: 'no' };
    });
    await expect(gateway.get(`/api/bench/runs/${id}/export`)).rejects.toThrow();
  });
});

describe('definitions', () => {
  it('say what every figure is', async () => {
    const { body } = await gateway.get<BenchDefinitions>('/api/bench/definitions');
    expect(body.definitions.map(({ figure }) => figure)).toEqual([...FIGURES]);
    expect(body.definitions.every(({ is, formula }) => is !== '' && formula !== '')).toBe(true);
  });
});
