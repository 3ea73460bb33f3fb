import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { errnoOf } from './errors.js';

/** The secret kept in `file` (mode 0600), generated the first time: 43 characters that need no quoting in a URL. */
export async function storedSecret(file: string): Promise<string> {
  try {
    const found = (await readFile(file, 'utf8')).trim();
    if (found !== '') return found;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  const secret = randomBytes(32).toString('base64url');
  await writeFile(`${file}.tmp`, `${secret}\n`, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
  return secret;
}
