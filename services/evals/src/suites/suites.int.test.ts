import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calls,
  EvalSuiteSchema,
  type EvalItem,
  type EvalSuite,
  type EvalSuiteHead,
} from '@boocontrol/contracts';
import { tempDir, waitFor, type TempDir } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World, type Replica } from '../testing/world.js';
import { evalSuiteHash } from './suite-hash.js';
import { SuiteSources } from './suite-sources.js';
import { Suites } from './suites.js';

let world: World;
let replica: Replica;
let temp: TempDir;
let dir: string;
let builtIn: string[];

beforeAll(async () => {
  world = await World.open();
  temp = await tempDir();
  dir = join(temp.path, 'suites');
  replica = await world.service({ BOOCONTROL_EVALS_DIR: dir });
  await look();
  builtIn = (await listed()).map(({ name }) => name);
});
afterAll(async () => {
  await world?.close();
  await temp?.remove();
});

const question = (id: string, prompt = 'What is 6 × 7?'): EvalItem => ({
  kind: 'text',
  id,
  prompt,
  checks: [{ check: 'number', value: 42, within: 0 }],
});
const suiteOf = (name: string, items: EvalItem[] = [question('q/1'), question('q/2')]): EvalSuite =>
  EvalSuiteSchema.parse({
    name,
    title: 'Sums',
    category: 'math',
    licence: 'CC0-1.0',
    sampler: { temperature: 0, maxTokens: 64 },
    items,
  });
const save = (suite: EvalSuite, ifHash?: string | null): Promise<EvalSuiteHead> =>
  world.ask(calls.saveEvalSuite, { suite, ...(ifHash === undefined ? {} : { ifHash }) });
const detail = (name: string, hash?: string) =>
  world.ask(calls.evalSuite, { name, ...(hash === undefined ? {} : { hash }) });
const all = () => world.ask(calls.evalSuites, {});
const listed = async (): Promise<EvalSuiteHead[]> => (await all()).suites;
const named = async (name: string): Promise<EvalSuiteHead | undefined> =>
  (await listed()).find((each) => each.name === name);
const look = (): Promise<void> => replica.app.get(SuiteSources).look();
const put = async (file: string, text: string): Promise<void> => {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, file), text);
};
/** A suite as a person would write it. */
const yaml = (title: string, prompt = 'What is 6 × 7?'): string => `
title: ${title}
category: math
licence: CC0-1.0
sampler: { temperature: 0, maxTokens: 64 }
items:
  - kind: text
    id: q/1
    prompt: ${prompt}
    checks: [{ check: number, value: 42 }]
`;
/** As the runner would write it. */
const run = ({ name, hash }: Pick<EvalSuiteHead, 'name' | 'hash'>): Promise<unknown> =>
  world.db(replica).query(
    `INSERT INTO evals.runs (id, launch, version, suite_name, suite_hash, suite_title, category, provider_id, model,
       state, source, confirmed, created_at, queued_at, k, is_whole, sampler, concurrency, total)
     VALUES (gen_random_uuid(), gen_random_uuid(), 1, $1, $2, '', 'math', 'tower', 'm',
       'succeeded', 'test', false, now(), now(), 1, true, '{}', 1, 2)`,
    [name, hash],
  );

test('those that came with the program are there, without a fault', async () => {
  const { suites, problems } = await all();
  expect(problems).toEqual([]);
  expect(suites.map(({ name }) => name)).toEqual(expect.arrayContaining(['tool-calls', 'utility']));
  expect(suites.every(({ origin, runs }) => origin === 'builtin' && runs === 0)).toBe(true);
  expect(suites.map(({ name }) => name)).toEqual([...builtIn].sort());
});

test('a suite has a version for each thing that it asks, and only one editor', async () => {
  const one = suiteOf('mine');
  const more = suiteOf('mine', [...one.items, question('q/3')]);
  const first = await save(one, null);
  expect(first).toMatchObject({
    ...{ name: 'mine', hash: evalSuiteHash(one), origin: 'stored', title: 'Sums' },
    ...{ items: 2, kinds: ['text'], retired: [], runs: 0, samples: 1 },
  });
  expect(await world.refusedAs(calls.saveEvalSuite, { suite: more, ifHash: null })).toBe('suite_changed');
  const second = await save(more, first.hash);
  expect(await world.refusedAs(calls.saveEvalSuite, { suite: one, ifHash: first.hash })).toBe(
    'suite_changed',
  );
  const { suite, versions } = await detail('mine');
  expect(suite).toEqual(more);
  expect(versions.map(({ hash }) => hash)).toEqual([second.hash, first.hash]);
  expect((await detail('mine', first.hash)).suite).toEqual(one);
  await save(one, second.hash);
  expect((await detail('mine')).versions.map(({ hash }) => hash)).toEqual([first.hash, second.hash]);
  expect(await world.refusedAs(calls.evalSuite, { name: 'mine', hash: '0'.repeat(64) })).toBe(
    'unknown_suite',
  );
  expect(await world.refusedAs(calls.evalSuite, { name: 'never' })).toBe('unknown_suite');
});

test('what it is called and described as makes no version, nor does saving it unchanged', async () => {
  const suite = suiteOf('words');
  const { hash } = await save(suite);
  expect((await save({ ...suite, title: 'Times', description: 'for the night' })).hash).toBe(hash);
  expect((await save({ ...suite, description: 'for the day' })).hash).toBe(hash);
  const found = await detail('words');
  expect(found.versions).toHaveLength(1);
  expect(found.head).toMatchObject({ title: 'Sums', description: 'for the day' });
  expect(found.suite.description).toBe('for the day');
});

test('the order in which a schema was written is kept', async () => {
  const schema = { type: 'object', properties: { zebra: { type: 'string' }, a: {}, longer: {} } };
  const item: EvalItem = { ...question('json'), schema } as EvalItem;
  await save(suiteOf('ordered', [item]));
  const found = await replica.app.get(Suites).find('ordered');
  expect(JSON.stringify(found?.suite.items[0])).toContain(JSON.stringify(schema));
});

test('of many who save at the same time, each makes a version', async () => {
  const suites = [1, 2, 3, 4, 5, 6].map((samples) => ({ ...suiteOf('crowd'), samples }));
  const saved = await Promise.all(suites.map((suite) => save(suite)));
  const { versions } = await detail('crowd');
  expect(versions.map(({ hash }) => hash).sort()).toEqual(saved.map(({ hash }) => hash).sort());
  const racing = await Promise.allSettled(
    [7, 8, 9].map((samples) => save({ ...suiteOf('crowd'), samples }, versions[0]?.hash ?? null)),
  );
  expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a suite that could not be graded is refused, with the item and what to do', async () => {
  const items: EvalItem[] = [
    {
      kind: 'coding',
      id: 'py/add',
      language: 'python',
      prompt: 'Write add(a, b).',
      tests: [
        { name: 'adds', module: 'sums.py', steps: [{ do: 'call', name: 'add', args: [1, 2], expect: 3 }] },
      ],
    },
  ];
  const refused = world.ask(calls.saveEvalSuite, { suite: suiteOf('bad', items) });
  await expect(refused).rejects.toMatchObject({
    code: 'bad_suite',
    message: expect.stringMatching(/“py\/add”: .*sums\.py.*Name it in/),
  });
  expect(await named('bad')).toBeUndefined();
});

test('one that is removed is gone, and the name is free; one with runs stays', async () => {
  await save(suiteOf('gone'));
  await world.ask(calls.removeEvalSuite, { name: 'gone' });
  expect(await named('gone')).toBeUndefined();
  expect(await replica.app.get(Suites).find('gone')).toBeNull();
  expect(await world.refusedAs(calls.removeEvalSuite, { name: 'gone' })).toBe('unknown_suite');
  const again = await save(suiteOf('gone', [question('other')]), null);
  await run(again);
  expect(await named('gone')).toMatchObject({ runs: 1 });
  expect(await world.refusedAs(calls.removeEvalSuite, { name: 'gone' })).toBe('suite_in_use');
});

test('versions with runs stay readable, however often the suite is saved; others go some time', async () => {
  const versionOf = (samples: number): EvalSuite => ({ ...suiteOf('long'), samples });
  const first = await save(versionOf(1));
  await run(first);
  const second = await save(versionOf(2));
  for (let samples = 3; samples < 26; samples += 1) await save(versionOf(samples));
  expect((await detail('long', first.hash)).suite.samples).toBe(1);
  expect((await detail('long')).versions.at(-1)).toMatchObject({ hash: first.hash, runs: 1 });
  expect(await world.refusedAs(calls.evalSuite, { name: 'long', hash: second.hash })).toBe('unknown_suite');
});

test('an item is retired with who and why, and asked again', async () => {
  const { hash } = await save(suiteOf('ageing'));
  const retire = { name: 'ageing', hash, item: 'q/2', reason: 'two answers are right', source: 'ann' };
  expect(await world.ask(calls.retireEvalItem, retire)).toMatchObject({ hash, items: 2, retired: ['q/2'] });
  expect((await detail('ageing')).retired).toMatchObject([
    { item: 'q/2', reason: 'two answers are right', by: 'ann' },
  ]);
  expect((await replica.app.get(Suites).find('ageing', hash))?.retired).toEqual(new Set(['q/2']));
  expect(await world.ask(calls.retireEvalItem, { ...retire, reason: null })).toMatchObject({ retired: [] });
  expect(await world.refusedAs(calls.retireEvalItem, { ...retire, item: 'q/9' })).toBe('unknown_item');
  expect(await world.refusedAs(calls.retireEvalItem, { ...retire, hash: '0'.repeat(64) })).toBe(
    'unknown_suite',
  );
});

test('what is retired stays so in the next version while the item is the same', async () => {
  const items = [question('same'), question('mended'), question('asked')];
  const { hash } = await save(suiteOf('next', items));
  for (const item of ['same', 'mended'])
    await world.ask(calls.retireEvalItem, { name: 'next', hash, item, reason: 'unclear', source: 'ann' });
  const mended = [question('same'), question('mended', 'How much is 6 × 7?'), question('asked')];
  const second = await save(suiteOf('next', mended));
  expect(second.retired).toEqual(['same']);
  const asked = { name: 'next', hash: second.hash, item: 'asked', reason: 'unclear', source: 'ann' };
  await world.ask(calls.retireEvalItem, asked);
  expect((await save(suiteOf('next', items))).hash).toBe(hash);
  expect((await detail('next')).head.retired).toEqual(['mended', 'same']);
});

test('one that came with the program can be changed, and put back; its items can be retired', async () => {
  expect(await world.refusedAs(calls.removeEvalSuite, { name: 'utility' })).toBe('built_in');
  const { suite, head } = await detail('utility');
  const [item] = suite.items;
  expect(
    await world.ask(calls.retireEvalItem, {
      ...{ name: 'utility', hash: head.hash, item: item?.id ?? '', reason: 'too easy', source: 'ann' },
    }),
  ).toMatchObject({ origin: 'builtin', retired: [item?.id] });
  await save({ ...suite, samples: 7 });
  await look();
  expect(await named('utility')).toMatchObject({ origin: 'stored', samples: 7, retired: [item?.id] });
  await world.ask(calls.removeEvalSuite, { name: 'utility' });
  expect(await named('utility')).toMatchObject({ origin: 'builtin', hash: head.hash });
});

test('files are suites as they stand; garbled ones are told of, and the others are used', async () => {
  await put('deep.yaml', yaml('Deep'));
  await put('broken.yaml', 'items: [64\n');
  await put('wrong.yml', yaml('Wrong').replace('maxTokens: 64', 'maxTokens: 0').replace('prompt:', 'promt:'));
  await put('utility.yaml', yaml('Not this one'));
  await put('Not A Name.yaml', yaml('x'));
  await put('deep.yml', yaml('Again'));
  await put('other.yaml', `name: another\n${yaml('Other')}`);
  await put('untested.yaml', yaml('Untested').replace(/kind: text[^]*/, CODING));
  await put('nested.yaml', `title: ${'['.repeat(100_000)}`);
  await put('huge.yaml', ' '.repeat(2_000_001));
  await put(
    'bomb.yaml',
    `a: &a [x]\nb: &b [${'*a,'.repeat(99)}]\nc: &c [${'*b,'.repeat(99)}]\nd: [${'*c,'.repeat(99)}]`,
  );
  await put('notes.txt', 'no suite');
  await look();
  const { suites, problems } = await all();
  expect(suites.find(({ name }) => name === 'deep')).toMatchObject({ origin: 'file', title: 'Deep' });
  expect(suites.find(({ name }) => name === 'utility')?.origin).toBe('builtin');
  const said = Object.fromEntries(problems.map(({ file, message }) => [file, message]));
  expect(Object.keys(said).sort()).toEqual(
    [
      ...['Not A Name.yaml', 'bomb.yaml', 'broken.yaml', 'deep.yml', 'huge.yaml', 'nested.yaml'],
      ...['other.yaml', 'untested.yaml', 'utility.yaml', 'wrong.yml'],
    ].sort(),
  );
  expect(said['broken.yaml']).toContain('not valid YAML');
  expect(said['wrong.yml']).toMatch(
    /sampler\.maxTokens: .*; items\.0\.prompt \(q\/1\): .*; items\.0 \(q\/1\)\.promt: unknown field/,
  );
  expect(said['deep.yml']).toContain('another file');
  expect(said['utility.yaml']).toContain('another name');
  expect(said['other.yaml']).toContain('the file is called “other”');
  expect(said['untested.yaml']).toContain('“py/add”: its test “adds” needs sums.py');
});

const CODING = `kind: coding
    id: py/add
    language: python
    prompt: Write add.
    tests: [{ name: adds, module: sums.py, steps: [{ do: call, name: add }] }]
`;

test('a file that changes is a new version; garbled it keeps the last one; gone it is gone', async () => {
  await put('file.yaml', yaml('File'));
  await look();
  expect(await world.refusedAs(calls.saveEvalSuite, { suite: suiteOf('file') })).toBe('suite_from_file');
  expect(await world.refusedAs(calls.removeEvalSuite, { name: 'file' })).toBe('suite_from_file');
  const first = await named('file');
  await put('file.yaml', yaml('File', 'How much is 6 × 7?'));
  await look();
  expect((await detail('file')).versions).toHaveLength(2);
  await put('file.yaml', '- 1\n');
  await look();
  expect(await named('file')).toMatchObject({ title: 'File' });
  await rm(join(dir, 'file.yaml'));
  await look();
  expect(await named('file')).toBeUndefined();
  expect((await detail('file', first?.hash)).suite.items).toMatchObject([{ prompt: 'What is 6 × 7?' }]);
});

test('the files are looked at again by themselves, and a second process does nothing twice', async () => {
  await put('later.yaml', yaml('Later'));
  const other = await world.service({ BOOCONTROL_EVALS_DIR: dir });
  await Promise.all([look(), other.app.get(SuiteSources).look()]);
  expect((await detail('later')).versions).toHaveLength(1);
  await put('later.yaml', yaml('Later on'));
  await waitFor(async () => (await named('later'))?.title === 'Later on', {
    what: 'the file to be looked at again',
  });
});

test('a file of tasks becomes a suite, what cannot be graded is said, and it is saved as any other', async () => {
  const file = { format: 'gsm8k', name: 'brought', title: 'Brought along', licence: 'MIT' } as const;
  const task = (answer: string): string => JSON.stringify({ question: 'How many?', answer });
  const text = `${task('#### 42')}\n{"question":1}\n${task('some')}\n`;
  const first = await world.ask(calls.importEvalSuite, { ...file, text });
  expect(first).toMatchObject({
    head: { name: 'brought', origin: 'stored', items: 1, category: 'math', licence: 'MIT' },
    leftOut: [{ line: 2 }, { line: 3, reason: expect.stringContaining('####') }],
  });
  expect((await detail('brought')).suite.items).toMatchObject([{ checks: [{ check: 'number', value: 42 }] }]);
  expect((await world.ask(calls.importEvalSuite, { ...file, text })).head.hash).toBe(first.head.hash);
  expect((await detail('brought')).versions).toHaveLength(1);
  expect(await world.refusedAs(calls.importEvalSuite, { ...file, text: '{}\n[]' })).toBe('nothing_imported');
  expect(await world.refusedAs(calls.importEvalSuite, { ...file, name: 'deep', text })).toBe(
    'suite_from_file',
  );
  const lines = await world.ask(calls.importEvalSuite, {
    ...file,
    name: 'lines',
    text: '1\n'.repeat(9_000) + text,
  });
  expect(lines.leftOut.length).toBeGreaterThan(1_000);
});

test('heads that do not fit into one message come in pages', async () => {
  const { length } = await listed();
  const description = 'x'.repeat(3_900);
  for (let n = 0; n < 110; n += 1) await save({ ...suiteOf(`page-${n}`), description });
  const seen: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await world.ask(calls.evalSuites, cursor === undefined ? {} : { cursor });
    seen.push(...page.suites.map(({ name }) => name));
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined);
  expect(pages).toBeGreaterThan(1);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen).toHaveLength(length + 110);
  expect(await world.refusedAs(calls.evalSuites, { cursor: 'WyJ4Il0' })).toBe('bad_cursor');
});
