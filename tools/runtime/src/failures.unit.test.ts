import { describe, expect, it } from 'vitest';
import { fromSystemError, RuntimeError } from './errors.js';
import { readFailure } from './launch.js';

describe('failures', () => {
  it.each([
    ['port_taken', 'could not bind IPv4 address "127.0.0.1": Address already in use'],
    ['port_taken', 'Error listening on port: 127.0.0.1:4222, "listen tcp: bind: address already in use"'],
    ['memory_in_use', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
    ['disk_full', 'FATAL:  could not write lock file "postmaster.pid": No space left on device'],
    ['permission', 'FATAL:  data directory "/d" has wrong ownership'],
    ['other', 'FATAL:  something else'],
  ])('reads %s from a server log', (failure, said) => {
    expect(readFailure(said)).toBe(failure);
  });

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['EACCES', 'permission'],
    ['EROFS', 'permission'],
  ])('turns %s into %s', (errno, code) => {
    const cause = Object.assign(new Error('x'), { code: errno, path: '/p' });
    const error = fromSystemError(cause, 'testing');
    expect(error instanceof RuntimeError && error.code).toBe(code);
  });

  it('passes other errors through', () => {
    const error = new Error('x');
    expect(fromSystemError(error, 'testing')).toBe(error);
  });
});
