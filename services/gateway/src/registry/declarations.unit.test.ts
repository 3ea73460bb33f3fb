import { describe, expect, it } from 'vitest';
import { FleetFileError, parseFleetFile, parseSeed, readDeclarations } from './declarations.js';

function problem(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof FleetFileError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the fleet file', () => {
  it('declares hosts, with defaults', () => {
    const [tower] = parseFleetFile(
      'providers:\n  - id: tower\n    baseUrl: http://192.168.1.20:8080/\n',
      'f.yaml',
    );
    expect(tower).toMatchObject({
      origin: 'file',
      input: {
        id: 'tower',
        baseUrl: 'http://192.168.1.20:8080',
        kind: 'llama-swap',
        enabled: true,
        tags: [],
      },
    });
  });

  it.each([[''], ['# only words\n'], ['version: 1\n']])('may declare none: %j', (text) => {
    expect(parseFleetFile(text, 'f.yaml')).toEqual([]);
  });

  it.each([
    ['providers:\n  - id: Tower One\n    baseUrl: http://a\n', 'line 2, providers[0].id:', '"Tower One"'],
    ['providers:\n  - id: a\n    baseUrl: ftp://a\n', 'line 3, providers[0].baseUrl:', '"ftp://a"'],
    [
      'providers:\n  - id: a\n    baseUrl: http://a\n    colour: red\n',
      'line 4, providers[0].colour: unknown field',
      '"red"',
    ],
    ['providers:\n  - id: a\n', 'line 2, providers[0].baseUrl:', ''],
    [
      'providers:\n  - id: a\n    baseUrl: http://a\n  - id: a\n    baseUrl: http://b\n',
      'line 4, providers[1].id:',
      'twice',
    ],
    ['hosts: []\n', 'line 1, hosts: unknown field', ''],
    ['providers: [\n', 'line 2', ''],
    [
      'providers:\n  - id: a\n    baseUrl: http://a\n    apiKeyEnv: PATH\n',
      'line 4, providers[0].apiKeyEnv:',
      '"PATH"',
    ],
  ])('%j names the place and the value', (text, place, value) => {
    const message = problem(() => parseFleetFile(text, 'f.yaml'));
    expect(message).toContain('f.yaml');
    expect(message).toContain(place);
    expect(message).toContain(value);
  });

  it('must be there when it is named', () => {
    expect(problem(() => readDeclarations('/nowhere/boocontrol.yaml', undefined, false))).toContain(
      'no such file',
    );
    expect(readDeclarations(undefined, undefined, false)).toEqual([]);
  });
});

describe('BOOCONTROL_SEED', () => {
  it('declares hosts with who declares them', () => {
    const [demo] = parseSeed('[{"id":"sim-a","baseUrl":"http://127.0.0.1:1","origin":"demo"}]');
    expect(demo).toMatchObject({ origin: 'demo', input: { id: 'sim-a' } });
    expect(demo?.input).not.toHaveProperty('origin');
  });

  it.each([['{'], ['{}'], ['[{"id":"a","baseUrl":"http://a","origin":"file"}]'], ['[{"id":"a"}]']])(
    '%s is refused',
    (text) => {
      expect(problem(() => parseSeed(text))).toContain('BOOCONTROL_SEED');
    },
  );
});
