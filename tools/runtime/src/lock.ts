import { spawn } from 'node:child_process';
import { errnoOf, OTHER_WAYS, RuntimeError } from './errors.js';

/**
 * Runs `work` while holding an exclusive lock on `file` (its folder must exist). The lock is the kernel's, held by a
 * helper that ends when our end of its pipe closes: a process that dies in any way leaves no lock behind.
 * Throws RuntimeError `locked` when another process holds it longer than `waitMs`.
 */
export async function withLock<T>(file: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const release = await acquire(file, waitMs);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(file: string, waitMs: number): Promise<() => Promise<void>> {
  const args = ['-x', '-w', String(Math.ceil(waitMs / 1000)), file, 'sh', '-c', 'echo held; cat >/dev/null'];
  const holder = spawn('flock', args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => {
    holder.once('close', () => resolve());
    holder.once('error', () => resolve());
  });
  holder.stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    holder.stdout.once('data', () => resolve());
    holder.once('error', (cause) => reject(cannotLock(file, cause)));
    holder.once('close', () => reject(lockedOut(file, said)));
  });
  return async () => {
    holder.stdin.end();
    await ended;
  };
}

function cannotLock(file: string, cause: Error): RuntimeError {
  const missing = errnoOf(cause) === 'ENOENT';
  const message = missing ? 'The program flock (package util-linux) is not here.' : `Cannot lock ${file}.`;
  return new RuntimeError('unsupported_platform', message, `Install util-linux. ${OTHER_WAYS}`, { cause });
}

function lockedOut(file: string, said: string): RuntimeError {
  if (said.trim() !== '') {
    return new RuntimeError(
      'permission',
      `Cannot lock ${file}: ${said.trim()}`,
      'Give the folder to the user that starts BooControl (chown -R), or remove it.',
    );
  }
  return new RuntimeError(
    'locked',
    `Another BooControl is working in this folder for a long time (${file}).`,
    'Wait for it to end, or stop it, and start again.',
  );
}
