import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isTransientDbError } from './transient.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isTransientDbError', () => {
  it.each([
    '08006',
    '08P01',
    '57P01',
    '57P03',
    '40001',
    '40P01',
    '53100',
    '53300',
    '42P01',
    '57014',
    'ECONNREFUSED',
    'ECONNRESET',
  ])('%s will pass later', (code) => {
    expect(isTransientDbError(withCode(code))).toBe(true);
    expect(isTransientDbError(new QueryFailedError('SELECT 1', [], withCode(code)))).toBe(true);
    expect(isTransientDbError(new Error('outer', { cause: withCode(code) }))).toBe(true);
    expect(isTransientDbError(new AggregateError([withCode(code)]))).toBe(true);
  });

  it('a database that is closed for a while will open again; other things that are not ready will not', () => {
    const closed = new Error('database "boo" is not currently accepting connections');
    expect(isTransientDbError(Object.assign(closed, { code: '55000' }))).toBe(true);
    expect(isTransientDbError(new QueryFailedError('SELECT 1', [], closed))).toBe(true);
    expect(isTransientDbError(withCode('55000'))).toBe(false);
  });

  it.each(['22P02', '23505', '23502', '42703', '22001', '22021'])(
    '%s is the data or the statement',
    (code) => {
      expect(isTransientDbError(withCode(code))).toBe(false);
      expect(isTransientDbError(new QueryFailedError('SELECT 1', [], withCode(code)))).toBe(false);
    },
  );

  it('knows the errors that pg throws without a code', () => {
    expect(isTransientDbError(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransientDbError(new Error('timeout exceeded when trying to connect'))).toBe(true);
  });

  it.each([null, undefined, 'Connection terminated', new TypeError('x is undefined')])(
    '%s is not',
    (error) => {
      expect(isTransientDbError(error)).toBe(false);
    },
  );
});
