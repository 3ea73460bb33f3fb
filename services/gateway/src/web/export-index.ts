import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pageCsp } from '../http/headers.js';

export interface WebFile {
  /** Below the export's folder. */
  file: string;
  /** null: not a page. */
  csp: string | null;
  cacheControl: string;
}

const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

/** The paths under which a file of the export is served. */
export function urlsOf(file: string): string[] {
  if (file === 'index.html') return ['/', '/index.html'];
  if (file.endsWith('/index.html')) {
    const folder = `/${file.slice(0, -'/index.html'.length)}`;
    return [folder, `${folder}/`, `/${file}`];
  }
  if (file.endsWith('.html')) return [`/${file.slice(0, -'.html'.length)}`, `/${file}`];
  return [`/${file}`];
}

/** Sent in place of the file that it is a copy of, never by its own path. */
function isCompressedCopy(file: string, names: ReadonlySet<string>): boolean {
  const original = file.replace(/\.(?:br|gz)$/, '');
  return original !== file && names.has(original);
}

/**
 * Every file of the export by its path. Only what is listed here is served, so no path of a request ever reaches the
 * file system.
 */
export function indexExport(dir: string): ReadonlyMap<string, WebFile> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .split(sep)
        .join('/'),
    );
  const names = new Set(files);
  const served = files.filter((file) => !isCompressedCopy(file, names));
  // An index page wins over a page file of the same name.
  served.sort((a, b) => Number(a.endsWith('/index.html')) - Number(b.endsWith('/index.html')));
  return new Map(
    served.flatMap((file) => {
      const isPage = file.endsWith('.html');
      const entry: WebFile = {
        file,
        csp: isPage ? pageCsp(readFileSync(join(dir, file), 'utf8')) : null,
        cacheControl: file.startsWith('_next/static/') ? IMMUTABLE : REVALIDATE,
      };
      return urlsOf(file).map((url): [string, WebFile] => [url, entry]);
    }),
  );
}

/** A folder of the export that stands for every name in its place: `hosts/any/` is served for `/hosts/tower/` too. */
const ANY = 'any';

/** The path at which the export has the page of something that is named in the address; null: no page has such. */
function ofAnything(path: string): string | null {
  const [, folder, name, ...rest] = path.split('/');
  return folder && name ? ['', folder, ANY, ...rest].join('/') : null;
}

/** The export as it is now; read again when it was built anew. */
export class ExportIndex {
  private files: ReadonlyMap<string, WebFile> = new Map();
  private builtAtMs: number | null = null;

  constructor(readonly dir: string) {}

  /** Whether there is a web app to serve. */
  get isBuilt(): boolean {
    this.refresh();
    return this.builtAtMs !== null;
  }

  /** @param path of a request, percent-encoded as it came; null when nothing is served there */
  find(path: string): WebFile | null {
    this.refresh();
    try {
      const decoded = decodeURIComponent(path);
      const ofOne = ofAnything(decoded);
      return this.files.get(decoded) ?? (ofOne === null ? null : (this.files.get(ofOne) ?? null));
    } catch {
      return null;
    }
  }

  private refresh(): void {
    const home = join(this.dir, 'index.html');
    const builtAtMs = existsSync(home) ? statSync(home).mtimeMs : null;
    if (builtAtMs === this.builtAtMs) return;
    this.files = builtAtMs === null ? new Map() : indexExport(this.dir);
    this.builtAtMs = builtAtMs;
  }
}
