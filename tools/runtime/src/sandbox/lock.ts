import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PackageFile } from '../apt.js';
import type { Architecture } from '../recipe.js';

/** A package file as the release pins it: name and version are in the file's name. */
export interface LockedPackage {
  file: string;
  sha256: string;
}

export type Lock = Record<Architecture['debian'], LockedPackage[]>;

export const LOCK_FILE = new URL('../../sandbox.lock.json', import.meta.url);

/** What this release pins. Written by `node tools/runtime/dist/cli.js lock-sandbox`. */
export function readLock(): Lock {
  return JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as Lock;
}

/** Stands for exactly these packages, in any order. */
export function idOf(packages: readonly LockedPackage[], recipe: number): string {
  const lines = packages.map(({ file, sha256 }) => `${file} ${sha256}`).sort();
  return createHash('sha256')
    .update([String(recipe), ...lines].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** Files that are there and not pinned: what the mirror has moved on to since the release. */
export function notLocked(files: readonly LockedPackage[], locked: readonly LockedPackage[]): string[] {
  const pinned = new Set(locked.map(({ sha256 }) => sha256));
  return files.filter(({ sha256 }) => !pinned.has(sha256)).map(({ file }) => file);
}

export const asLocked = (files: readonly PackageFile[]): LockedPackage[] =>
  files
    .map(({ file, sha256 }) => ({ file, sha256 }))
    .sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
