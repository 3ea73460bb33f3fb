import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls, LeaderboardSchema, type EvalSample, type EvalSampleHead } from '@boocontrol/contracts';
import { projectRoot, waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { StandIns } from '../testing/stand-ins.js';
import { World } from '../testing/world.js';
import { EvalRunExportSchema } from './run-export.js';

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
const id = '0f0e8a5c-1111-4222-8333-444455556666';
const other = '0f0e8a5c-1111-4222-8333-444455557777';
const hash = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';
const suite = sample('file.eval_suite');
const target = { providerId: 'tower', model: 'org/coder-30b' };
const imported = {
  format: 'gsm8k',
  text: '{"question":"2+2?"}',
  name: 'sums',
  title: 'Sums',
  licence: 'MIT',
};
const item = 'needle/4096/0.5';
const key = `item=${encodeURIComponent(item)}&sample=2`;
const source = 'night-watch';

type Name = Extract<keyof typeof calls, `${string}Eval${string}` | `eval${string}`>;
/** method, path, body, call, what the service is asked, status. */
const ROUTES: [string, string, unknown, Name, Json, number][] = [
  ['GET', '/suites', undefined, 'evalSuites', {}, 200],
  ['GET', `/suites/little?hash=${hash}`, undefined, 'evalSuite', { name: 'little', hash }, 200],
  ['PUT', '/suites/little', { suite, ifHash: null }, 'saveEvalSuite', { suite, ifHash: null }, 200],
  ['DELETE', '/suites/little', undefined, 'removeEvalSuite', { name: 'little' }, 204],
  [
    'POST',
    '/suites/little/retire',
    { hash, item, reason: 'two answers are right' },
    'retireEvalItem',
    { name: 'little', hash, item, reason: 'two answers are right', source },
    200,
  ],
  ['POST', '/suites/import', imported, 'importEvalSuite', imported, 201],
  ['POST', '/estimate', { suite: 'little', targets: [target] }, 'estimateEval', { suite: 'little' }, 200],
  [
    'POST',
    '/runs',
    { suite: 'little', targets: [target], items: [item], confirm: true },
    'startEval',
    { suite: 'little', targets: [target], items: [item], confirm: true, source },
    202,
  ],
  ['GET', '/runs?limit=7&state=failed', undefined, 'evalRuns', { limit: 7, state: 'failed' }, 200],
  ['GET', `/runs/${id}`, undefined, 'evalRun', { id }, 200],
  ['DELETE', `/runs/${id}`, undefined, 'removeEvalRun', { id }, 204],
  ['POST', `/runs/${id}/cancel`, undefined, 'cancelEval', { id, source }, 200],
  ['POST', `/runs/${id}/resume`, { confirm: true }, 'resumeEval', { id, confirm: true, source }, 202],
  [
    'GET',
    `/runs/${id}/samples?outcome=failed&item=${encodeURIComponent(item)}`,
    undefined,
    'evalSamples',
    { id, outcome: 'failed', item, limit: 200 },
    200,
  ],
  ['GET', `/runs/${id}/samples/one?${key}`, undefined, 'evalSample', { id, item, sample: 2 }, 200],
  [
    'POST',
    `/runs/${id}/samples/one/regrade?${key}`,
    undefined,
    'regradeEvalSample',
    { id, item, sample: 2, source },
    200,
  ],
  [
    'GET',
    '/leaderboard?category=agent-coding',
    undefined,
    'evalLeaderboard',
    { category: 'agent-coding' },
    200,
  ],
  ['GET', `/compare?a=${id}&b=${other}`, undefined, 'compareEvals', { a: id, b: other }, 200],
  ['GET', '/sandboxes', undefined, 'evalSandboxes', {}, 200],
];

describe('every route', () => {
  it.each(ROUTES)('%s %s is passed on', async (method, path, body, name, asked, status) => {
    const reply = name === 'evalSuites' ? { ...sample('call.evalSuites.reply'), nextCursor: null } : null;
    const answered = reply ?? sample(`call.${name}.reply`);
    const questions = await answering(calls[name].subject, () => answered);
    const answer = await gateway.call(method, `/api/evals${path}`, body, { 'x-boo-source': source });
    expect([answer.status, answer.error]).toEqual([status, undefined]);
    expect(questions).toMatchObject([asked]);
    if (status !== 204) expect(answer.body).toMatchObject(answered);
  });

  it.each(ROUTES)('%s %s says when nobody answers', async (method, path, body) => {
    const { status, error } = await gateway.call(method, `/api/evals${path}`, body);
    expect([status, error?.code]).toEqual([503, 'unavailable']);
    expect(error?.message).toContain('The evals service');
  });

  it.each(
    ROUTES.flatMap((route) =>
      Object.entries(calls[route[3]].errors).map((error) => [...route, ...error] as const),
    ),
  )('%s %s refuses', async (method, path, body, name, _asked, _status, code, status) => {
    await answering(calls[name].subject, () => {
      throw { code, message: 'because', details: { who: 'opencode' } };
    });
    const answer = await gateway.call(method, `/api/evals${path}`, body);
    expect(answer).toMatchObject({
      status,
      error: { code, message: 'because', details: { who: 'opencode' } },
    });
    const isQuestion = ['host_leased', 'bench_in_progress', 'host_busy'].includes(code);
    expect(answer.error?.requiresConfirmation).toBe(isQuestion ? true : undefined);
  });
});

describe('what is hostile or wrong', () => {
  const start = { suite: 'little', targets: [target] };
  const [first] = suite['items'] as Json[];
  const changed = (change: Json): Json => ({ suite: { ...suite, items: [{ ...first, ...change }] } });
  it.each([
    ['GET', '/runs/1', undefined, 'id'],
    ['GET', '/runs/..%2F..%2Fetc', undefined, 'id'],
    ['DELETE', '/runs/*', undefined, 'id'],
    ['GET', '/runs?limit=201', undefined, 'limit'],
    ['GET', '/runs?state=done', undefined, 'state'],
    ['GET', '/runs?model=a%00b', undefined, 'model'],
    ['GET', `/runs?cursor=${'x'.repeat(513)}`, undefined, 'cursor'],
    ['GET', `/runs/${id}/samples?outcome=won`, undefined, 'outcome'],
    ['GET', `/runs/${id}/samples?item=a%00b`, undefined, 'item'],
    ['GET', `/runs/${id}/samples/one?item=a`, undefined, 'sample'],
    ['GET', `/runs/${id}/samples/one?sample=0`, undefined, 'item'],
    ['GET', `/runs/${id}/samples/one?item=a&sample=-1`, undefined, 'sample'],
    ['POST', `/runs/${id}/samples/one/regrade?item=..&sample=0`, undefined, 'item'],
    ['GET', `/runs/${id}/export?format=exe`, undefined, 'format'],
    ['GET', '/leaderboard?category=A%20B', undefined, 'category'],
    ['GET', '/leaderboard/export?format=exe', undefined, 'format'],
    ['GET', `/compare?a=${id}`, undefined, 'b'],
    ['GET', '/suites/..%2Fetc', undefined, 'name'],
    ['GET', '/suites/little?hash=latest', undefined, 'hash'],
    ['POST', '/runs', undefined, 'body'],
    ['POST', '/runs', { ...start, targets: [] }, 'targets'],
    ['POST', '/runs', { ...start, targets: [{ providerId: '*', model: 'm' }] }, 'providerId'],
    ['POST', '/runs', { ...start, confirm: 'yes' }, 'confirm'],
    ['POST', '/runs', { ...start, source: 'root' }, 'source'],
    ['POST', '/runs', { ...start, suite: '../little' }, 'suite'],
    ['POST', '/runs', { ...start, samples: 101 }, 'samples'],
    ['POST', `/runs/${id}/resume`, { confirm: true, id: other }, 'id'],
    ['PUT', '/suites/No%20Name', { suite }, 'name'],
    ['PUT', '/suites/other', { suite }, 'the path says “other”'],
    ['PUT', '/suites/little', changed({ prompt: 'a\0b' }), 'prompt'],
    ['PUT', '/suites/little', changed({ prompt: '\ud800' }), 'items'],
    ['PUT', '/suites/little', changed({ id: '../a' }), 'id'],
    ['PUT', '/suites/little', changed({ files: { '../../etc/passwd': '' } }), 'files'],
    ['PUT', '/suites/little', changed({ files: { '/etc/passwd': '' } }), 'files'],
    ['PUT', '/suites/little', changed({ host: 'tower' }), 'host'],
    ['PUT', '/suites/little', { suite: { ...suite, items: [] } }, 'items'],
    ['PUT', '/suites/little', { suite: { ...suite, items: [first, first] } }, 'there twice'],
    ['DELETE', '/suites/%2A', undefined, 'name'],
    ['POST', '/suites/little/retire', { hash, item }, 'reason'],
    ['POST', '/suites/little/retire', { hash, item, reason: '' }, 'reason'],
    ['POST', '/suites/import', { ...imported, format: 'exe' }, 'format'],
    ['POST', '/suites/import', { ...imported, licence: '' }, 'licence'],
    ['POST', '/suites/import', { ...imported, text: 'x'.repeat(700_001) }, 'text'],
  ])('%s %s is not valid (%#)', async (method, path, body, named) => {
    const asked = await Promise.all(ROUTES.map(([, , , name]) => answering(calls[name].subject, () => null)));
    const { status, error } = await gateway.call(method, `/api/evals${path}`, body);
    expect([status, error?.code]).toEqual([400, 'validation']);
    expect(error?.message).toContain(named);
    expect(asked.flat()).toEqual([]);
  });

  it('a suite that is nested without end is refused', async () => {
    const asked = await answering(calls.saveEvalSuite.subject, () => sample('call.saveEvalSuite.reply'));
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = { ...(suite['items'] as Json[])[2], schema: 'HERE' };
    const body = JSON.stringify({ suite: { ...suite, items: [text] } }).replace('"HERE"', deep);
    expect(await gateway.call('PUT', '/api/evals/suites/little', body)).toMatchObject({
      status: 400,
      error: { code: 'validation' },
    });
    expect(asked).toEqual([]);
  });

  it('bodies may be large where suites or files are in them, and not larger', async () => {
    const text = { ...(suite['items'] as Json[])[2] };
    const prompt = 'x'.repeat(100_000);
    const items = Array.from({ length: 6 }, (_, n) => ({ ...text, id: `long-${n}`, prompt }));
    const asked = await answering(calls.saveEvalSuite.subject, () => sample('call.saveEvalSuite.reply'));
    const large = { suite: { ...suite, items } };
    expect((await gateway.call('PUT', '/api/evals/suites/little', large)).status).toBe(200);
    expect(asked).toHaveLength(1);
    const pad = ' '.repeat(800_000);
    const larger = await gateway.call(
      'PUT',
      '/api/evals/suites/little',
      `${JSON.stringify({ suite })}${pad}`,
    );
    expect([larger.status, larger.error?.code]).toEqual([413, 'too_large']);
  });
});

describe('suites', () => {
  it('are gathered from all pages', async () => {
    const page = sample('call.evalSuites.reply') as { suites: Json[]; problems: Json[] };
    const asked = await answering(calls.evalSuites.subject, (question) => {
      const { cursor } = question as { cursor?: string };
      return { ...page, nextCursor: cursor === undefined ? 'bmV4dA' : null };
    });
    const { body } = await gateway.get('/api/evals/suites');
    expect(body).toEqual({
      suites: [...page.suites, ...page.suites],
      problems: page.problems,
      nextCursor: null,
    });
    expect(asked).toEqual([{}, { cursor: 'bmV4dA' }]);
  });
});

describe('the export of a run', () => {
  const detail = sample('call.evalRun.reply');
  const whole = sample('call.evalSample.reply') as unknown as EvalSample;
  const [head] = (sample('call.evalSamples.reply') as { samples: EvalSampleHead[] }).samples;
  const pageOf = (from: number, nextCursor: string | null): Json => ({
    samples: Array.from({ length: 10 }, (_, n) => ({ ...head, item: `item/${from + n}` })),
    nextCursor,
  });
  const ALL = Array.from({ length: 30 }, (_, n) => `item/${n}`);

  async function standIn(): Promise<void> {
    await answering(calls.evalRun.subject, () => detail);
    await answering(calls.evalSamples.subject, (question) => {
      const { cursor } = question as { cursor?: string };
      const at = cursor === undefined ? 0 : Number(cursor);
      return pageOf(at, at < 20 ? String(at + 10) : null);
    });
    await answering(calls.evalSample.subject, (question) => ({
      ...whole,
      ...(question as { item: string }),
    }));
  }

  it('has every sample whole and in order, for download', async () => {
    await standIn();
    const { status, headers, body } = await gateway.get(`/api/evals/runs/${id}/export`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe('attachment; filename="eval-little-tower-0f0e8a5c.json"');
    const file = EvalRunExportSchema.parse(body);
    expect(file.samples.map((one) => one.item)).toEqual(ALL);
    expect(file.run.id).toBe(id);
  });

  it('has the items of every page', async () => {
    await standIn();
    standIns.stop();
    const [item] = (detail as { items: { item: string }[] }).items;
    const itemOf = (name: string): Json => ({ ...item, item: name });
    await answering(calls.evalRun.subject, (question) =>
      (question as { cursor?: string }).cursor === undefined
        ? { ...detail, items: [itemOf('a'), itemOf('b')], nextCursor: 'bmV4dA' }
        : { ...detail, items: [itemOf('c')], nextCursor: null },
    );
    await answering(calls.evalSamples.subject, () => ({ samples: [], nextCursor: null }));
    const { body } = await gateway.get(`/api/evals/runs/${id}/export`);
    const file = EvalRunExportSchema.parse(body);
    expect(file.items.map((one) => one.item)).toEqual(['a', 'b', 'c']);
    expect(file).not.toHaveProperty('nextCursor');
  });

  it('as JSON Lines is the run, then a sample a line', async () => {
    await standIn();
    const { headers, body } = await gateway.get<string>(`/api/evals/runs/${id}/export?format=jsonl`);
    expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    const [about, ...samples] = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    expect(EvalRunExportSchema.parse({ ...about, samples }).samples.map((one) => one.item)).toEqual(ALL);
  });

  it('as CSV has a line for each sample, and no formula of a model', async () => {
    await answering(calls.evalRun.subject, () => detail);
    const finishReason = '=HYPERLINK("http://evil.example")';
    await answering(calls.evalSamples.subject, () => ({
      samples: [{ ...head, finishReason, reason: { code: 'wrong', message: '@SUM(1,2)' } }],
      nextCursor: null,
    }));
    const { headers, body } = await gateway.get<string>(`/api/evals/runs/${id}/export?format=csv`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(body).toMatch(/^run,suite,version,host,model,item,.*\r\n/);
    expect(body).toContain(`,"'@SUM(1,2)",`);
    expect(body).toContain(`,"'=HYPERLINK(""http://evil.example"")",`);
  });

  it('of a run that has not ended is refused', async () => {
    const run = { ...(detail['run'] as Json), endedAt: null };
    await answering(calls.evalRun.subject, () => ({ ...detail, run }));
    expect(await gateway.get(`/api/evals/runs/${id}/export`)).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
    });
  });

  it('that breaks off is no JSON', async () => {
    await standIn();
    standIns.stop();
    await answering(calls.evalRun.subject, () => detail);
    await answering(calls.evalSample.subject, (question) => ({
      ...whole,
      ...(question as { item: string }),
    }));
    await answering(calls.evalSamples.subject, (question) => {
      if ((question as { cursor?: string }).cursor === undefined) return pageOf(0, 'bmV4dA');
      throw { code: 'bad_cursor', message: 'no' };
    });
    await expect(gateway.get(`/api/evals/runs/${id}/export`)).rejects.toThrow();
  });
});

describe('the export of the leaderboard', () => {
  const board = LeaderboardSchema.parse(sample('call.evalLeaderboard.reply'));
  const [row] = board.rows;
  const hostile = { ...board, rows: [{ ...row, model: '=1+1|<b>', quant: '-Q4' }] };

  it('is JSON as it is asked for elsewhere', async () => {
    const asked = await answering(calls.evalLeaderboard.subject, () => board);
    const { headers, body } = await gateway.get('/api/evals/leaderboard/export?suite=little');
    expect(headers.get('content-disposition')).toBe('attachment; filename="leaderboard.json"');
    expect(body).toEqual(board);
    expect(asked).toEqual([{ suite: 'little' }]);
  });

  it('is a line for each score as CSV', async () => {
    await answering(calls.evalLeaderboard.subject, () => hostile);
    const { headers, body } = await gateway.get<string>('/api/evals/leaderboard/export?format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [columns, line, end] = body.split('\r\n');
    expect(columns?.split(',')).toHaveLength(line?.split(',').length ?? 0);
    expect(line).toContain(`,tower,'=1+1|<b>,'-Q4,`);
    expect(end).toBe('');
  });

  it('is a table for people as Markdown', async () => {
    await answering(calls.evalLeaderboard.subject, () => hostile);
    const { headers, body } = await gateway.get<string>('/api/evals/leaderboard/export?format=md');
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(body).toContain('### agent-coding\n');
    expect(body).toContain('| 1 | =1+1\\|\\<b\\> | tower |');
    expect(body).toContain('| 50.0 % | 41.0 % to 59.0 % |');
  });
});
