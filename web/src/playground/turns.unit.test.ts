import { describe, expect, it } from 'vitest';
import { provider } from '../../testing/hosts';
import { machineOf, orderWords } from './lanes';
import { Queue } from './queue';
import {
  answerTurn,
  edited,
  forked,
  newPane,
  openCalls,
  toolTurn,
  turnsUpTo,
  userTurn,
  without,
} from './turns';

const said = (text: string) => answerTurn({ text, reasoning: '', calls: [] }, null);
const turns = [userTurn('a'), said('b'), userTurn('c'), said('d')];
const idOf = (n: number): string => turns[n]?.id ?? '';
const texts = (list: readonly { text: string }[]): string => list.map(({ text }) => text).join('');

describe('a conversation', () => {
  it('is asked again up to a message, and before an answer', () => {
    expect([texts(turnsUpTo(turns, idOf(2))), texts(turnsUpTo(turns, idOf(3)))]).toEqual(['abc', 'abc']);
    expect(texts(edited(turns, idOf(0), 'x'))).toBe('x');
  });
  it('loses a message with the answer to it, and an answer alone', () => {
    expect([texts(without(turns, idOf(0))), texts(without(turns, idOf(1)))]).toEqual(['cd', 'acd']);
    expect(texts(without(turns, 'nobody'))).toBe('abcd');
  });
  it('forks into another with ids of its own', () => {
    const fork = forked({ ...newPane('m'), turns }, idOf(1));
    expect([texts(fork.turns), fork.model]).toEqual(['ab', 'm']);
    expect(fork.turns.some(({ id }) => turns.some((turn) => turn.id === id))).toBe(false);
  });
  it('has open calls until each has its result', () => {
    const calls = ['f', 'g'].map((name) => ({ id: '', name, arguments: '' }));
    const asking = answerTurn({ text: '', reasoning: '', calls }, null);
    const [first] = asking.calls;
    expect(openCalls([...turns, asking]).map(({ name }) => name)).toEqual(['f', 'g']);
    expect(new Set(asking.calls.map(({ id }) => id)).size).toBe(2);
    expect(openCalls([asking, toolTurn(first?.id ?? '', '1')]).map(({ name }) => name)).toEqual(['g']);
    expect(openCalls([asking, userTurn('never mind')])).toEqual([]);
  });
});

describe('panes of one machine', () => {
  const providers = [
    provider('tower', 'Tower'),
    provider('nas', 'NAS'),
    provider('cloud', 'Cloud', { kind: 'openai' }),
    provider('site', 'Site', { kind: 'boocontrol-gateway' }),
  ];
  const places = [
    { providerId: 'tower', model: 'a' },
    { providerId: 'nas', model: 'a' },
    { providerId: 'nas', model: 'b' },
  ];
  const machine = (model: string): string | null => machineOf(model, providers, places);
  const words = (...models: string[]): string | null =>
    orderWords(
      models.map((model) => ({ model })),
      machine,
      (id) => id,
    );

  it('are those whose requests are known to go there', () => {
    expect(['tower/a', 'tower/org/x', 'b', 'a', 'auto', 'cloud/gpt', 'site/a', 'z'].map(machine)).toEqual([
      'tower',
      'tower',
      'nas',
      null,
      null,
      null,
      null,
      null,
    ]);
  });
  it('are told of in a sentence', () => {
    expect(words('tower/a')).toBe(null);
    expect(words('tower/a', 'b')).toBe('All are asked together.');
    expect(words('auto', 'tower/a')).toContain('which host answers auto is not known before');
    expect(words('tower/a', 'nas/b', 'tower/x')).toBe(
      '1 and 3 share tower: they are asked one after the other, so that none slows another down.',
    );
  });
  it('wait for each other, also when one in the middle leaves', async () => {
    const queue = new Queue();
    const log: string[] = [];
    const gates: Record<string, () => void> = {};
    const work = (name: string) => async (): Promise<void> => {
      log.push(name);
      await new Promise<void>((done) => (gates[name] = done));
    };
    const stay = new AbortController().signal;
    const leaver = new AbortController();
    const all = [
      queue.run('tower', stay, work('one')),
      queue.run('tower', leaver.signal, work('two')),
      queue.run('tower', stay, work('three')),
      queue.run('nas', stay, work('other')),
      queue.run(null, stay, work('free')),
    ];
    await Promise.resolve();
    leaver.abort();
    await new Promise((done) => setImmediate(done));
    expect(log.toSorted()).toEqual(['free', 'one', 'other']);
    gates['one']?.();
    await new Promise((done) => setImmediate(done));
    expect(log).toContain('three');
    for (const open of Object.values(gates)) open();
    await Promise.all(all);
    expect([log.includes('two'), queue.isTaken('tower')]).toEqual([false, false]);
  });
});
