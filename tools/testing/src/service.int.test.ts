import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identify } from '@boocontrol/runtime';
import { spawnService } from './service.js';
import { tempDir } from './temp-dir.js';
import type { TempDir } from './temp-dir.js';

const SERVICE = `
const { createServer } = require('node:http');
console.log('secret of the test run:', process.env.VITEST ?? 'none', 'given:', process.env.GIVEN);
if (process.env.GIVEN === 'broken') { console.error('cannot start'); process.exit(3); }
let asked = 0;
const server = createServer((request, response) => {
  response.statusCode = request.url === '/health' && ++asked > 2 ? 200 : 503;
  response.end();
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => { console.log('draining'); server.close(() => process.exit(7)); });
`;

let dir: TempDir;
let entry: string;

beforeAll(async () => {
  dir = await tempDir();
  entry = join(dir.path, 'service.cjs');
  await writeFile(entry, SERVICE);
});

afterAll(() => dir.remove());

describe('spawnService', () => {
  it('waits until the service is healthy, gives it only what it is told, and stops it gracefully', async () => {
    const service = await spawnService(entry, { GIVEN: 'yes' });
    await service.waitReady();
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
    expect(await service.stop()).toBe(7);
    expect(service.output()).toContain('secret of the test run: none given: yes');
    expect(service.output()).toContain('draining');
  });

  it('says what a service wrote that ends before it is ready', async () => {
    const service = await spawnService(entry, { GIVEN: 'broken' });
    await expect(service.waitReady()).rejects.toThrow(/cannot start/);
    expect(await service.stop()).toBe(3);
  });

  it('kills without asking', async () => {
    const service = await spawnService(entry, {});
    await service.waitReady();
    await service.kill9();
    expect(identify(service.pid)).toBeUndefined();
    expect(service.output()).not.toContain('draining');
  });
});
