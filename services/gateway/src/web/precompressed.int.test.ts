import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { tempDir, type TempDir } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

const SCRIPT = 'export const fleet = "llama";\n'.repeat(500);
const PAGE = `<title>fleet</title><script>boot()</script>${'<p>host</p>'.repeat(500)}`;
const script = '/_next/static/a.js';

let world: World;
let dir: TempDir;
let gateway: TestGateway;

beforeAll(async () => {
  [world, dir] = await Promise.all([World.create(), tempDir()]);
  mkdirSync(join(dir.path, '_next/static'), { recursive: true });
  const write = (file: string, text: string): void => {
    writeFileSync(join(dir.path, file), text);
    writeFileSync(join(dir.path, `${file}.br`), brotliCompressSync(text));
    writeFileSync(join(dir.path, `${file}.gz`), gzipSync(text));
  };
  write('_next/static/a.js', SCRIPT);
  write('index.html', PAGE);
  writeFileSync(join(dir.path, 'plain.txt'), 'not worth it');
  gateway = await world.gateway({ BOOCONTROL_WEB_DIR: dir.path });
});
afterAll(async () => {
  await world?.stop();
  await dir?.remove();
});

const accepting = (codings: string, more: Record<string, string> = {}) => ({
  'accept-encoding': codings,
  ...more,
});

describe('a file with compressed copies', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
    ['br;q=0', undefined, (bytes: Buffer) => bytes],
  ])('for "%s" comes as %s', async (codings, coding, decode) => {
    const reply = await gateway.wire(script, accepting(codings));
    expect(reply.headers).toMatchObject({
      'content-type': 'application/javascript; charset=utf-8',
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(reply.bytes.length),
    });
    expect(reply.headers['content-encoding']).toBe(coding);
    expect(decode(reply.bytes).toString()).toBe(SCRIPT);
  });

  it('keeps the policy of a page and asks for it anew', async () => {
    const { headers, bytes } = await gateway.wire('/', accepting('br'));
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(headers['content-security-policy']).toContain("'sha256-");
    expect(brotliDecompressSync(bytes).toString()).toBe(PAGE);
  });

  it('has an entity tag for each coding, and is not sent again to whoever has that one', async () => {
    const tagOf = async (codings: string) =>
      (await gateway.wire(script, accepting(codings))).headers.etag ?? '';
    const tags = await Promise.all(['br', 'gzip', 'identity'].map(tagOf));
    expect(new Set(tags).size).toBe(3);
    const [brotli = '', gzip = ''] = tags;
    const again = await gateway.wire(script, accepting('br', { 'if-none-match': brotli }));
    expect([again.status, again.bytes.length, again.headers.vary]).toEqual([304, 0, 'accept-encoding']);
    const other = await gateway.wire(script, accepting('br', { 'if-none-match': gzip }));
    expect(other.status).toBe(200);
  });

  it('answers HEAD as it would answer GET', async () => {
    const get = await gateway.wire(script, accepting('br'));
    const head = await gateway.wire(script, accepting('br'), 'HEAD');
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary'])
      expect(head.headers[name]).toBe(get.headers[name]);
  });

  it('gives ranges of what it would send whole', async () => {
    const whole = await gateway.wire(script, accepting('br'));
    const part = await gateway.wire(script, accepting('br', { range: 'bytes=10-29' }));
    expect([part.status, part.headers['content-encoding']]).toEqual([206, 'br']);
    expect(part.headers['content-range']).toBe(`bytes 10-29/${whole.bytes.length}`);
    expect(part.bytes).toEqual(whole.bytes.subarray(10, 30));
    const plain = await gateway.wire(script, { range: 'bytes=0-5' });
    expect([plain.status, plain.bytes.toString()]).toEqual([206, 'export']);
    const beyond = await gateway.wire(script, { range: 'bytes=999999-' });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${SCRIPT.length}`]);
  });

  it('shows no copy by a path of its own', async () => {
    expect((await gateway.wire(`${script}.br`)).status).toBe(404);
  });
});

it('a file without copies comes as it is', async () => {
  const { headers, bytes } = await gateway.wire('/plain.txt', accepting('br, gzip'));
  expect([headers['content-encoding'], headers.vary]).toEqual([undefined, 'accept-encoding']);
  expect(bytes.toString()).toBe('not worth it');
});
