import { Client } from 'pg';
import { backoffDelayMs, pause } from '../backoff.js';
import type { Log } from '../logs/logger.js';
import { isTransientDbError } from './transient.js';

/** Thrown when the database does not become usable; says where it was looked for, never the password. */
export class DatabaseUnavailableError extends Error {
  readonly code = 'database_unavailable';
  readonly isRetryable = true;
  constructor(url: string, why: string, options?: ErrorOptions) {
    const { hostname, port, pathname } = new URL(url);
    super(
      `PostgreSQL at ${hostname}:${port === '' ? '5432' : port}, database "${pathname.slice(1)}", ${why}`,
      options,
    );
    this.name = 'DatabaseUnavailableError';
  }
}

export interface WaitOptions {
  url: string;
  log: Log;
  /** How long to keep trying, in milliseconds. Default 60000. */
  timeoutMs?: number;
}

/** Resolves when the database answers a query. Thrown: DatabaseUnavailableError. */
export async function waitForDatabase({ url, log, timeoutMs = 60_000 }: WaitOptions): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt++) {
    const problem = await ask(url);
    if (problem === null) return;
    const why = describe(problem);
    if (!isTransientDbError(problem))
      throw new DatabaseUnavailableError(url, `is not usable: ${why}`, { cause: problem });
    const delayMs = backoffDelayMs(attempt, { baseMs: 100, maxMs: 3_000 }, Math.random());
    if (performance.now() + delayMs > deadlineMs) {
      const seconds = Math.round(timeoutMs / 1_000);
      throw new DatabaseUnavailableError(url, `did not answer for ${seconds} s: ${why}`, { cause: problem });
    }
    log.warn({ why, attempt: attempt + 1 }, 'waiting for the database');
    await pause(delayMs);
  }
}

async function ask(url: string): Promise<Error | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => undefined); // A connection that breaks after the answer is no news here.
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Node's "every address refused" is an AggregateError with an empty message; its code says it. */
function describe(problem: Error): string {
  if (problem.message !== '') return problem.message;
  return 'code' in problem && typeof problem.code === 'string' ? problem.code : problem.name;
}
