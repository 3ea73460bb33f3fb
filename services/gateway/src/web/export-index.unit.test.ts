import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExportIndex, urlsOf } from './export-index.js';

let dir: string;
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'boo-web-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('the paths of a file', () => {
  it.each([
    ['index.html', ['/', '/index.html']],
    ['activity/index.html', ['/activity', '/activity/', '/activity/index.html']],
    ['activity.html', ['/activity', '/activity.html']],
    ['_next/static/a.js', ['/_next/static/a.js']],
  ])('%s: %j', (file, urls) => {
    expect(urlsOf(file)).toEqual(urls);
  });
});

describe('the export', () => {
  it('serves what is in it, pages with their policy, build assets for ever', () => {
    write('index.html', '<script>go()</script>');
    write('activity/index.html', '<p>');
    write('_next/static/chunks/a.js', '1');
    const index = new ExportIndex(dir);
    expect(index.find('/')?.csp).toContain("'sha256-");
    expect(index.find('/activity')?.file).toBe('activity/index.html');
    expect(index.find('/activity/')?.cacheControl).toBe('no-cache');
    expect(index.find('/_next/static/chunks/a.js')).toMatchObject({
      csp: null,
      cacheControl: expect.stringContaining('immutable'),
    });
  });

  it('serves one page for anything that is named in its place, what belongs to the page too', () => {
    for (const file of ['index.html', 'hosts/any/index.html', 'hosts/any/index.txt', 'activity/index.html'])
      write(file, 'x');
    const index = new ExportIndex(dir);
    const files = ['/hosts/tower', '/hosts/tower/', '/hosts/no%20host/', '/hosts/tower/index.txt'].map(
      (path) => index.find(path)?.file,
    );
    expect(files).toEqual([
      'hosts/any/index.html',
      'hosts/any/index.html',
      'hosts/any/index.html',
      'hosts/any/index.txt',
    ]);
    for (const path of ['/hosts', '/hosts/', '/hosts/tower/more', '/activity/tower/', '/any/', '//any/'])
      expect(index.find(path), path).toBeNull();
  });

  it('serves no compressed copy by its own path, but an archive that is nothing else', () => {
    for (const file of ['index.html', 'index.html.br', 'index.html.gz', 'logs.gz']) write(file, 'x');
    const index = new ExportIndex(dir);
    expect(['/index.html.br', '/index.html.gz', '/logs.gz'].map((path) => index.find(path)?.file)).toEqual([
      undefined,
      undefined,
      'logs.gz',
    ]);
  });

  it.each([
    ['/../secret.txt'],
    ['/%2e%2e/secret.txt'],
    ['/..%2fsecret.txt'],
    ['/_next/../../secret.txt'],
    ['//etc/passwd'],
    ['/%00'],
    ['/%'],
    ['/activity/..'],
    ['\\..\\secret.txt'],
  ])('never leaves its folder: %s', (path) => {
    write('web/index.html', '<p>');
    write('secret.txt', 'secret');
    expect(new ExportIndex(join(dir, 'web')).find(path)).toBeNull();
  });

  it('is found once it is built, and read again when it is built anew', () => {
    const index = new ExportIndex(dir);
    expect(index.isBuilt).toBe(false);
    write('index.html', 'one');
    utimesSync(join(dir, 'index.html'), 1, 1);
    expect(index.isBuilt).toBe(true);
    expect(index.find('/new.txt')).toBeNull();
    write('new.txt', 'x');
    utimesSync(join(dir, 'index.html'), 2, 2);
    expect(index.find('/new.txt')).not.toBeNull();
  });
});
