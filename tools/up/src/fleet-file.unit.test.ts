import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkFleetFile, findFleetFile } from './fleet-file.js';

const dir = mkdtempSync(join(tmpdir(), 'boo-fleet-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (text: string): string => {
  const path = join(dir, 'boocontrol.yaml');
  writeFileSync(path, text);
  return path;
};

test('the example file is valid', () => {
  expect(checkFleetFile(new URL('../../../boocontrol.example.yaml', import.meta.url).pathname)).toBe(5);
});
test.each([
  ['providers:\n  - id: Tower\n    baseUrl: http://a', /a-z, 0-9 and hyphen/],
  ['providers:\n  - id: a\n    baseUrl: http://a\n    colour: red', /colour/],
  ['providers:\n  - {id: a, baseUrl: "http://a"}\n  - {id: a, baseUrl: "http://b"}', /"a" is declared twice/],
  ['providers: [', /not valid YAML/],
])('%j is refused and says why', (text, why) => {
  expect(() => checkFleetFile(file(text))).toThrow(why);
});
test('an empty file declares no host; a missing one is an error only when it was named', () => {
  expect(checkFleetFile(file(''))).toBe(0);
  expect(() => checkFleetFile(join(dir, 'none.yaml'))).toThrow(/does not exist/);
  expect(findFleetFile(join(dir, 'nowhere'), null)).toBeNull();
});
