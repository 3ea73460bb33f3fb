import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkProject, packagesOf, sourcesOf } from './project.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** One violation each, on line 1: where it is planted, what it says, what it is told. */
const PLANTED: readonly [path: string, source: string, message: string][] = [
  ['libs/contracts/src/p1.ts', "import { it } from 'vitest';", 'libs/contracts may not import vitest'],
  [
    'libs/contracts/src/p2.ts',
    "await import('node:fs');",
    'libs/contracts runs in the browser too: no node:fs',
  ],
  [
    'libs/contracts/src/p3.ts',
    "export * from '@boocontrol/fleet-model';",
    'libs/contracts may not import libs/fleet-model',
  ],
  [
    'libs/fleet-model/src/p1.ts',
    "import fs = require('fs');",
    'libs/fleet-model runs in the browser too: no fs',
  ],
  [
    'libs/fleet-model/src/p2.ts',
    "import type { Bus } from '@boocontrol/platform';",
    'libs/fleet-model may not import libs/platform',
  ],
  ['libs/fleet-model/src/p3.ts', "import { z } from 'zod';", 'libs/fleet-model may not import zod'],
  [
    'libs/llama-swap/src/p1.ts',
    "await import('@nestjs/common');",
    'libs/llama-swap may not import @nestjs/common',
  ],
  [
    'libs/llama-swap/src/p2.ts',
    "import { connect } from '@nats-io/transport-node';",
    'libs/llama-swap may not import @nats-io/transport-node',
  ],
  [
    'libs/llama-swap/src/p3.test.ts',
    "import { Bus } from '@boocontrol/platform';",
    'tests of libs/llama-swap may not import libs/platform',
  ],
  [
    'libs/measure/src/p1.ts',
    "import { HostClient } from '@boocontrol/llama-swap';",
    'libs/measure may not import libs/llama-swap',
  ],
  [
    'libs/sandbox/src/p1.ts',
    "import { exec } from '@boocontrol/runtime';",
    'libs/sandbox may not import tools/runtime',
  ],
  ['libs/sandbox/src/p2.ts', "import { z } from 'zod';", 'libs/sandbox may not import zod'],
  [
    'libs/platform/src/p1.ts',
    'await import(`@boocontrol/llama-swap`);',
    'libs/platform may not import libs/llama-swap',
  ],
  [
    'libs/platform/src/p2.ts',
    "import { testNats } from '@boocontrol/testing';",
    'libs/platform may not import tools/testing',
  ],
  [
    'services/ingest/src/p1.ts',
    "await import('@boocontrol/gateway');",
    'services/ingest may not import services/gateway',
  ],
  [
    'services/ingest/src/p2.ts',
    "const a: import('@boocontrol/scratch').A = 1;",
    'services/ingest may not import services/scratch',
  ],
  [
    'services/ingest/src/p3.ts',
    "import '../../gateway/src/index.js';",
    'another package is reached by its name, not by a path',
  ],
  [
    'services/ingest/src/p4.ts',
    "import '@boocontrol/platform/dist/index.js';",
    '@boocontrol/platform/dist/index.js reaches past the entry of @boocontrol/platform',
  ],
  ['services/ingest/src/p5.ts', 'await import(process.argv[2]);', 'what is imported must be written out'],
  [
    'services/ingest/src/p6.ts',
    "const load = createRequire(import.meta.url); load('@boocontrol/sim');",
    'services/ingest may not import tools/sim',
  ],
  [
    'services/ingest/src/p7.ts',
    "import.meta.resolve('@boocontrol/nowhere');",
    'there is no package @boocontrol/nowhere',
  ],
  ['services/ingest/src/p8.ts', "import '/opt/thing.js';", 'no absolute paths'],
  [
    'services/ingest/src/p9.test.ts',
    "import { up } from '@boocontrol/fleet-state';",
    'tests of services/ingest may not import services/fleet-state',
  ],
  [
    'services/ingest/src/p10.ts',
    'const s = `boo.fleet.${id}.gap`;',
    'the subject boo.fleet. is spelled in libs/contracts only',
  ],
  [
    'services/ingest/src/p11.int.test.ts',
    "await js.publish('boo.fleet.tower.gap', '{}');",
    'the subject boo.fleet.tower.gap is spelled in libs/contracts only',
  ],
  [
    'services/gateway/src/inference/p1.ts',
    "import { Injectable } from '@nestjs/common';",
    'services/gateway/src/inference may not import @nestjs/common: the path of /v1 is outside Nest',
  ],
  [
    'services/gateway/src/inference/p2.ts',
    "import { LiveFleet } from '@boocontrol/platform';",
    'services/gateway/src/inference may not import @boocontrol/platform: the path of /v1 is outside Nest',
  ],
  [
    'services/gateway/src/inference/deep/p3.ts',
    "import { Guard } from '../../edge/guard.js';",
    'services/gateway/src/inference may not import ../../edge/guard.js: the path of /v1 is outside Nest',
  ],
  ['services/scratch/src/p1.ts', "import '@boocontrol/up';", 'services/scratch may not import tools/up'],
  ['web/src/p1.tsx', "import { Bus } from '@boocontrol/platform';", 'web may not import libs/platform'],
  ['web/src/p2.ts', "process.getBuiltinModule('node:fs');", 'web runs in the browser too: no node:fs'],
  [
    'tools/sim/src/p1.ts',
    "import { subjects } from '@boocontrol/contracts';",
    'tools/sim may not import libs/contracts',
  ],
  [
    'tools/runtime/src/p1.ts',
    "import { sim } from '@boocontrol/sim';",
    'tools/runtime may not import tools/sim',
  ],
  [
    'tools/testing/src/p1.ts',
    "import { Bus } from '@boocontrol/platform';",
    'tools/testing may not import libs/platform',
  ],
  [
    'tools/up/src/p1.ts',
    "import { gateway } from '@boocontrol/gateway';",
    'tools/up may not import services/gateway',
  ],
  [
    'benchmarks/src/p1.ts',
    "import { gateway } from '@boocontrol/gateway';",
    'benchmarks may not import services/gateway',
  ],
];

const manifest = (name: string): string => JSON.stringify({ name: `@boocontrol/${name}` });
/** What the planted files need beside them, and a cycle of folders. */
const SCRATCH: Record<string, string> = {
  'services/scratch/package.json': manifest('scratch'),
  'services/scratch/src/one/a.ts': "import '../two/b.js';",
  'services/scratch/src/index.ts': "export { up, type Down } from './one/a.js'; export * from './open.js';",
  'services/scratch/src/open.ts': 'export interface Door {} export const left = 1; const shut = 2;',
  'services/scratch/src/two/b.ts': "import '../one/c.js';",
  'tools/odd/package.json': manifest('odd-tool'),
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'boocontrol-borders-'));
  for (const { folder } of packagesOf(root)) {
    mkdirSync(join(dir, folder), { recursive: true });
    cpSync(join(root, folder, 'package.json'), join(dir, folder, 'package.json'));
    for (const { path, text } of sourcesOf(root, folder)) put(path, text);
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

describe('the borders', () => {
  it('hold in the project as it is', () => {
    expect(checkProject(dir)).toEqual([]);
  });

  it('refuse one planted violation of each', () => {
    for (const [path, text] of Object.entries(SCRATCH)) put(path, text);
    for (const [path, source] of PLANTED) put(path, `${source}\n`);
    const expected = [
      ...PLANTED.map(([path, , message]) => `${path}: ${message}`),
      'services/scratch: folders that import each other: one, two',
      'services/scratch/src/index.ts: no other package imports up',
      'services/scratch/src/index.ts: no other package imports left',
      'tools/odd: no border is drawn for this folder: add it to tools/up/src/borders/table.ts',
    ];
    const found = checkProject(dir).map(({ path, message }) => `${path}: ${message}`);
    expect(found.sort()).toEqual(expected.sort());
  });
});
