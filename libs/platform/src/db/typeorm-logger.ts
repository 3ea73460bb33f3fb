import type { Logger } from 'typeorm';
import type { Log } from '../logs/logger.js';

/** TypeORM's messages through pino. Statements without their parameters: those may be anything, and long. */
export class TypeOrmLogger implements Logger {
  /** @param onFailed told of each query that failed */
  constructor(
    private readonly target: Log,
    private readonly onFailed: (error: string | Error) => void = () => undefined,
  ) {}

  logQuery(query: string): void {
    this.target.trace({ query }, 'query');
  }
  /** The caller gets the error and decides what it means. */
  logQueryError(error: string | Error, query: string): void {
    this.target.debug({ err: error, query }, 'query failed');
    this.onFailed(error);
  }
  logQuerySlow(timeMs: number, query: string): void {
    this.target.warn({ timeMs, query }, 'slow query');
  }
  logSchemaBuild(message: string): void {
    this.target.debug(message);
  }
  logMigration(message: string): void {
    this.target.info(message);
  }
  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.target[level === 'warn' ? 'warn' : 'debug']({ data: message }, 'TypeORM');
  }
}
