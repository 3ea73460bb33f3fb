import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, SERVICES, type ServiceDeclaration } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isTestCode } from './borders/table.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const declared: readonly ServiceDeclaration[] = SERVICES;
const names = declared.map(({ name }) => name);
/** What every service may be given. */
const COMMON = ['NATS_URL', 'DATABASE_URL', 'HOST', 'PORT', 'LOG_LEVEL', 'NODE_ENV'];

interface Compose {
  services: Record<
    string,
    { command?: unknown; environment?: Record<string, string>; ports?: unknown; container_name?: string }
  >;
}
interface References {
  references: { path: string }[];
}
const foldersOf = (group: string): string[] =>
  readdirSync(join(root, group))
    .filter((name) => existsSync(join(root, group, name, 'package.json')))
    .map((name) => `${group}/${name}`);

const sourcesOf = (service: string): { folder: string; text: string }[] =>
  readdirSync(join(root, 'services', service, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !isTestCode(`services/${service}/src/${file}`))
    .map((file) => ({ folder: dirname(file), text: read(`services/${service}/src/${file}`) }));

describe('the manifest of services', () => {
  it('has one entry for each folder, under the name of its package', () => {
    expect(foldersOf('services').sort()).toEqual(names.map((name) => `services/${name}`).sort());
    for (const name of names)
      expect(JSON.parse(read(`services/${name}/package.json`))).toMatchObject({
        name: `@boocontrol/${name}`,
      });
  });

  it('gives each schema to one service, which names it in its code', () => {
    const schemas = declared.flatMap(({ schema }) => schema ?? []);
    expect(new Set(schemas).size).toBe(schemas.length);
    for (const { name, schema, needs } of declared) {
      expect(needs.includes('database')).toBe(schema !== null);
      if (schema === null) continue;
      const isNamed = sourcesOf(name).some(
        ({ text }) => text.includes(`schema: '${schema}'`) || text.includes(`SCHEMA = '${schema}'`),
      );
      expect(isNamed).toBe(true);
    }
  });

  it('has each table written in the folder that creates it; retention alone deletes elsewhere', () => {
    for (const { name, schema } of declared) {
      const owners = new Map<string, string>();
      const writers: [table: string, folder: string][] = [];
      for (const { folder, text } of sourcesOf(name)) {
        for (const [, table = ''] of text.matchAll(/CREATE TABLE ([a-z_]+\.[a-z_]+)/g))
          owners.set(table, folder);
        for (const [, table = ''] of text.matchAll(/(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+\.[a-z_]+)/g))
          writers.push([table, folder]);
      }
      expect(owners.size > 0).toBe(schema !== null);
      expect(writers.filter(([table, folder]) => owners.get(table) !== folder)).toEqual([]);
    }
  });

  it('knows the variables of each service', () => {
    for (const { name, env } of declared) {
      const config = `services/${name}/src/config.ts`;
      const source = existsSync(join(root, config)) ? read(config) : '';
      const found = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, variable]) => variable);
      expect(new Set(found)).toEqual(new Set(env));
    }
  });

  it('gives a service only what it takes', () => {
    const infra = { natsUrl: 'nats://here', databaseUrl: 'postgres://here' };
    const service = {
      name: 'x',
      schema: null,
      needs: ['bus'],
      replicas: 'many',
      env: ['MINE'],
      without: '',
    } as const;
    expect(environmentOf(service, infra, { MINE: '1', OTHER: '2' })).toEqual({
      NATS_URL: 'nats://here',
      MINE: '1',
    });
  });
});

describe('what cannot read the manifest agrees with it', () => {
  it('docker-compose.yml', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as Compose;
    const running = Object.entries(services).filter(([, { command }]) =>
      JSON.stringify(command)?.includes('dist/main.js'),
    );
    expect(running.map(([name]) => name).sort()).toEqual([...names].sort());
    for (const { name, env, replicas } of declared) {
      expect(services[name]?.command).toEqual(['node', `services/${name}/dist/main.js`]);
      const given = Object.keys(services[name]?.environment ?? {});
      expect(given.filter((variable) => !COMMON.includes(variable) && !env.includes(variable))).toEqual([]);
      // A second container cannot have the name or the port of the first.
      const isScalable = !services[name]?.ports && !services[name]?.container_name;
      expect([name, isScalable ? 'many' : 'one']).toEqual([name, replicas]);
    }
  });

  it('the TypeScript references of the root', () => {
    const folders = ['libs', 'services', 'tools'].flatMap(foldersOf).sort();
    const build = JSON.parse(read('tsconfig.build.json')) as References;
    expect(build.references.map(({ path }) => path).sort()).toEqual(folders);
    const all = JSON.parse(read('tsconfig.json')) as References;
    const tested = folders.flatMap((folder) => [folder, `${folder}/tsconfig.test.json`]);
    expect(all.references.map(({ path }) => path).sort()).toEqual([...tested, 'benchmarks'].sort());
  });

  it('what nx builds before the proofs', () => {
    const { nx } = JSON.parse(read('tools/up/package.json')) as { nx: { implicitDependencies: string[] } };
    expect(nx.implicitDependencies.sort()).toEqual(
      [...names, 'web'].map((name) => `@boocontrol/${name}`).sort(),
    );
  });

  it('the image, which has every service', () => {
    expect(read('deploy/services.Dockerfile')).toContain('npx tsc -b services/*\n');
  });
});
