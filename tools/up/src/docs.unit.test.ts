import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { asyncApi, eventsPage } from './docs.js';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));

test('docs/events.md and docs/asyncapi.json say what the contracts say (else: npm run docs)', () => {
  expect(readFileSync(`${docs}events.md`, 'utf8')).toBe(eventsPage());
  expect(JSON.parse(readFileSync(`${docs}asyncapi.json`, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(asyncApi())),
  );
});

test('every reference of the AsyncAPI document leads somewhere', () => {
  const api = JSON.parse(JSON.stringify(asyncApi())) as Record<string, unknown>;
  const refs = [...JSON.stringify(api).matchAll(/"\$ref":"(#\/(?:components|channels)[^"]*)"/g)].map(
    ([, ref = '']) => ref,
  );
  expect(refs.length).toBeGreaterThan(20);
  for (const ref of refs) {
    const target = ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], api);
    expect(target, ref).toBeDefined();
  }
});
