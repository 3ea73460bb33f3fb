import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS } from './facts.js';
import { published } from './published.js';
import { bucketSubjects, parseCaptureSubject, parseFactSubject, subjects } from './streams.js';

/** One folder for each version that stored them; a file is never edited, a new version adds a folder of its own. `name@variant.json` for unions. */
const root = new URL('../samples/', import.meta.url);
const versions = readdirSync(root);
const samples = versions.flatMap((version) =>
  readdirSync(new URL(`${version}/`, root)).map((file) => ({
    version,
    file,
    name: file.slice(0, -5).replace(/@.*/, ''),
  })),
);

describe('stored samples', () => {
  it('are there for every published schema', () => {
    const stored = new Set(samples.map(({ name }) => name));
    expect([...published.keys()].filter((name) => !stored.has(name))).toEqual([]);
  });

  it.each(samples)('$name of $version still parses, and says the same again', ({ version, file, name }) => {
    const schema = published.get(name);
    const text = readFileSync(new URL(`${version}/${file}`, root), 'utf8');
    const value = schema?.parse(JSON.parse(text));
    expect(value).toMatchObject(JSON.parse(text) as object);
    expect(schema?.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
  });
});

describe('subjects', () => {
  const slug = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);

  it('are split into what they were built from', () => {
    fc.assert(
      fc.property(slug, fc.constantFrom(...FACT_KINDS), (providerId, kind) => {
        expect(parseFactSubject(subjects.fact(providerId, kind))).toEqual({ providerId, kind });
        expect(parseCaptureSubject(subjects.capture(providerId))).toBe(providerId);
        expect(bucketSubjects.keyOf('b', bucketSubjects.of('b', providerId))).toBe(providerId);
      }),
    );
  });

  it.each(['boo.fleet.tower', 'boo.fleet.tower.request.more', 'boo.fleet.tower.other', 'boo.logs.tower.gap'])(
    '%s is no fact',
    (subject) => {
      expect(parseFactSubject(subject)).toBeNull();
      expect(parseCaptureSubject(subject)).toBeNull();
    },
  );
});
