import { beforeEach, describe, expect, it } from 'vitest';
import { PrefixObserver, prefixInputsHeader, type PrefixInputs } from './prefix-observer.js';

type Line = Record<string, unknown> & { level: string };

let lines: Line[];
let observer: PrefixObserver;
const drifts = (): Line[] => lines.filter(({ event }) => event === 'prefix-drift');

beforeEach(() => {
  lines = [];
  observer = new PrefixObserver({
    info: (fields) => void lines.push({ ...fields, level: 'info' }),
    warn: (fields) => void lines.push({ ...fields, level: 'warn' }),
  });
});

describe('the beginning of a session’s prompts', () => {
  it('that stays as it is has one fingerprint for each call, and no drift', () => {
    for (let turn = 0; turn < 20; turn++) observer.observe('anna', 'be brief — ok', { 'agents.md': 17 });
    expect(lines).toHaveLength(20);
    expect(new Set(lines.map((line) => JSON.stringify(line))).size).toBe(1);
    expect(lines[0]).toEqual({
      level: 'info',
      event: 'prefix-fingerprint',
      session: 'anna',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      length: 15,
      inputs: { 'agents.md': '17' },
    });
  });

  it('that changes is one drift, which names what did', () => {
    observer.observe('anna', 'be brief', { 'agents.md': 17, guidance: 'a', gone: 1 });
    observer.observe('ben', 'be long', { 'agents.md': 18 });
    const changed = observer.observe('anna', 'be brief!', { 'agents.md': 18, guidance: 'a', fresh: 1 });
    observer.observe('anna', 'be brief!', { 'agents.md': 19 });
    expect(drifts()).toMatchObject([
      {
        level: 'warn',
        session: 'anna',
        previous_length: 8,
        length: 9,
        hash: changed.hash,
        changed_inputs: ['agents.md', 'gone', 'fresh'],
      },
    ]);
    expect(changed.changedInputs).toEqual(['agents.md', 'gone', 'fresh']);
  });

  it('is told without its text', () => {
    observer.observe('anna', 'a secret');
    observer.observe('anna', 'another secret');
    expect(JSON.stringify([lines, [...Object.values(observer)].map(String)])).not.toContain('secret');
  });

  it('is forgotten when it is to be, and when a thousand others were there since', () => {
    observer.observe('anna', 'a');
    observer.reset();
    expect(observer.observe('anna', 'b').changedInputs).toBe(null);
    for (let session = 0; session < 100_000; session++) observer.observe(`session ${session}`, 'x');
    expect(observer.size).toBe(1_000);
    expect(observer.observe('anna', 'c').changedInputs).toBe(null);
    expect(drifts()).toEqual([]);
  });
});

describe('the header of its inputs', () => {
  it('is what the gateway reads', () => {
    expect(prefixInputsHeader({ 'agents.md': 1_795_338_000, guidance: 'sha256:ab=' })).toBe(
      'agents.md=1795338000;guidance=sha256:ab=',
    );
    expect(prefixInputsHeader({})).toBe('');
  });

  it.each<PrefixInputs>([
    { 'a b': 1 },
    { '': 1 },
    { a: '' },
    { a: 'x;b=2' },
    { a: 'ü' },
    { a: 'x\r\nx-other: 1' },
  ])('%j is refused', (inputs) => {
    expect(() => prefixInputsHeader(inputs)).toThrow(RangeError);
  });

  it('holds no more than is looked at', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`n${at}`, 1]));
    expect(() => prefixInputsHeader(many)).toThrow(/33/);
  });
});
