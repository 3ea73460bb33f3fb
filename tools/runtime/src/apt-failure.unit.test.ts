import { describe, expect, it } from 'vitest';
import { aptFailure } from './apt-failure.js';
import type { ExecResult } from './exec.js';

const failed = (stderr: string, more: Partial<ExecResult> = {}): ExecResult => ({
  code: 100,
  stdout: '',
  stderr,
  missing: false,
  timedOut: false,
  ...more,
});

describe('aptFailure', () => {
  it.each([
    ['no_network', "Err:1 http://m trixie InRelease\n  Temporary failure resolving 'm'"],
    [
      'no_network',
      'E: Failed to fetch http://m/x.deb  Could not connect to m:80 (10.0.0.1), connection timed out',
    ],
    ['no_network', "E: The repository 'http://m trixie Release' does not have a Release file."],
    ['no_network', 'E: Unable to locate package postgresql-17'],
    ['disk_full', 'E: Failed to fetch http://m/x.deb  Write error - write (28: No space left on device)'],
    ['disk_full', "E: You don't have enough free space in /x/"],
    ['disk_full', 'dpkg-deb: error: failed to write (No space left on device)'],
    ['corrupt_download', 'E: Failed to fetch http://m/x.deb  Hash Sum mismatch'],
    [
      'corrupt_download',
      'E: Failed to fetch http://m/x.deb  File has unexpected size (1 != 2). Mirror sync in progress?',
    ],
    ['corrupt_download', "dpkg-deb: error: unexpected end of file in archive member header in 'x.deb'"],
    ['no_keyring', 'W: GPG error: http://m trixie InRelease: NO_PUBKEY 6ED0E7B82643E131'],
    ['permission', 'E: Could not open file /x/lock - open (13: Permission denied)'],
    ['start_failed', 'E: something that nobody has seen before'],
  ])('is %s for: %s', (code, said) => {
    const error = aptFailure('testing', failed(said));
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe('');
  });

  it('is no_apt when the program does not exist', () => {
    expect(aptFailure('testing', failed('', { missing: true, code: -1 })).code).toBe('no_apt');
  });

  it('is no_network when it hung', () => {
    expect(aptFailure('testing', failed('', { timedOut: true, code: -1 })).code).toBe('no_network');
  });

  it('names what was done and what was said', () => {
    const text = aptFailure('downloading the packages', failed("Temporary failure resolving 'm'")).describe();
    expect(text).toContain('downloading the packages');
    expect(text).toContain("Temporary failure resolving 'm'");
    expect(text).toContain('DATABASE_URL');
  });
});
