import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { tempDir, waitFor, type TempDir } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let dir: TempDir;
let gateway: TestGateway;

beforeAll(async () => {
  [world, dir] = await Promise.all([World.create(), tempDir()]);
  const web = join(dir.path, 'out');
  mkdirSync(join(web, 'activity'), { recursive: true });
  mkdirSync(join(web, '_next/static'), { recursive: true });
  writeFileSync(join(web, 'index.html'), '<title>fleet</title><script>boot()</script>');
  writeFileSync(join(web, 'activity/index.html'), '<title>activity</title>');
  mkdirSync(join(web, 'hosts/any'), { recursive: true });
  writeFileSync(join(web, 'hosts/any/index.html'), '<title>a host</title>');
  writeFileSync(join(web, '404.html'), '<title>lost</title>');
  writeFileSync(join(web, '_next/static/a.js'), 'a');
  writeFileSync(join(dir.path, 'secret.txt'), 'the secret text');
  gateway = await world.gateway({ BOOCONTROL_WEB_DIR: web });
});
afterAll(async () => {
  await world?.stop();
  await dir?.remove();
});

/** A path as it is written, which a client of ours would tidy up first. */
function raw(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(gateway.url);
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    );
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.on('close', () => resolve(said)).on('error', reject);
  });
}

describe('the web app', () => {
  it.each([
    ['/', 200, 'fleet'],
    ['/?tab=1', 200, 'fleet'],
    ['/activity', 200, 'activity'],
    ['/activity/', 200, 'activity'],
    ['/hosts/tower/', 200, 'a host'],
    ['/hosts/tower?range=24h', 200, 'a host'],
    ['/hosts/', 404, 'lost'],
    ['/hosts/tower/logs', 404, 'lost'],
    ['/nothing', 404, 'lost'],
    ['/_next/static/nothing.js', 404, 'lost'],
    ['/api', 404, 'not_found'],
  ])('%s: %i', async (path, status, text) => {
    const reply = await gateway.get(path);
    expect(reply.status).toBe(status);
    expect(JSON.stringify(reply.body)).toContain(text);
  });

  it('is looked at anew, its build assets are kept for ever', async () => {
    const page = await gateway.get('/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[^']+';/);
    expect(
      (
        await gateway.get('/', {
          'if-none-match': page.headers.get('etag') ?? '',
          'cache-control': 'max-age=0',
        })
      ).status,
    ).toBe(304);
    expect((await gateway.get('/_next/static/a.js')).headers.get('cache-control')).toContain('immutable');
    expect((await gateway.call('HEAD', '/')).status).toBe(200);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/_next/static/../../../secret.txt',
    '//secret.txt',
    '/%5c..%5csecret.txt',
  ])('shows no file beside it: %s', async (path) => {
    const answer = await raw(path);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /);
    expect(answer).not.toContain('the secret text');
  });

  it('takes nothing', async () => {
    expect((await gateway.call('POST', '/', {})).status).toBe(404);
  });
});

describe('SIGTERM', () => {
  it('tells the browsers why, ends well, and they come back to the next gateway', async () => {
    const first = await world.gateway();
    const browser = new TestBrowser(first.url);
    try {
      const reasons: { code: string }[] = [];
      browser.socket.on('bye', (reason: { code: string }) => reasons.push(reason));
      await browser.join('fleet');
      expect(await first.service.stop()).toBe(0);
      await waitFor(() => !browser.socket.connected, { what: 'the end of the connection' });
      expect(reasons).toMatchObject([{ code: 'shutting_down' }]);
      await world.gateway({ BOOCONTROL_PORT: new URL(first.url).port });
      await waitFor(() => browser.snapshots === 2, { what: 'a snapshot from the next gateway' });
      expect(browser.epochs).toHaveLength(2);
    } finally {
      browser.close();
    }
  });
});
