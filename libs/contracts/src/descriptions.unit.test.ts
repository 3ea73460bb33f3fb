import { expect, test } from 'vitest';
import { z } from 'zod';
import { published } from './published.js';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Paths of the properties that have no description, of their own or of the named type that they are of. */
function undescribed(schema: z.ZodType): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  const definitions = (root['$defs'] ?? {}) as Record<string, Json>;
  const definitionOf = (json: Json): Json =>
    typeof json['$ref'] === 'string' ? (definitions[json['$ref'].split('/').at(-1) ?? ''] ?? {}) : json;
  const isDescribed = (json: Json): boolean => {
    if (json['description'] || definitionOf(json)['description']) return true;
    const variants = (json['anyOf'] ?? []) as Json[];
    return variants.some((variant) => variant['type'] !== 'null' && isDescribed(variant));
  };
  const missing: string[] = [];
  const walk = (json: unknown, path: string): void => {
    if (!isObject(json)) return;
    for (const [key, value] of Object.entries((json['properties'] ?? {}) as Record<string, Json>)) {
      if (!isDescribed(value)) missing.push(`${path}${key}`);
      walk(value, `${path}${key}.`);
    }
    for (const keyword of ['items', 'additionalProperties']) walk(json[keyword], `${path}[].`);
    for (const keyword of ['anyOf', 'oneOf', 'allOf'])
      for (const variant of (json[keyword] ?? []) as Json[]) walk(variant, path);
  };
  walk(root, '');
  for (const [name, definition] of Object.entries(definitions)) walk(definition, `${name}: `);
  return missing;
}

test.each([...published])('every field of %s says what it is', (_name, schema) => {
  expect(undescribed(schema)).toEqual([]);
});

test('a field without a description is found, however deep', () => {
  const Deep = z.object({
    list: z.array(z.object({ bare: z.int() })).describe('A list'),
    either: z.object({ other: z.string().nullable() }).nullable().describe('Or nothing'),
    fine: z.string().describe('Fine').optional(),
  });
  expect(undescribed(Deep)).toEqual(['list.[].bare', 'either.other']);
});
