import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

const SECRET_KEYS = [
  'authorization',
  'Authorization',
  'apiKey',
  'api_key',
  '["x-api-key"]',
  'password',
  'pass',
  'token',
  'secret',
  'cookie',
];

/** pino's wildcards match one level each, so every depth that a log object reaches is spelled out. */
function secretPaths(depth: number): string[] {
  return Array.from({ length: depth }, (_, level) =>
    SECRET_KEYS.map((key) => {
      const prefix = Array.from({ length: level }, () => '*').join('.');
      if (prefix === '') return key;
      return key.startsWith('[') ? `${prefix}${key}` : `${prefix}.${key}`;
    }),
  ).flat();
}

export interface LoggerOptions {
  /** pino level; default `info`. */
  level?: string;
  /** Tells replicas of a service apart in the logs. */
  instance?: string;
  /** Where lines go; default stdout. */
  destination?: DestinationStream;
}

/** JSON lines on stdout, `service` (and `instance`) on each; values under secret-looking keys are replaced. */
export function createLogger(
  service: string,
  { level = 'info', instance, destination }: LoggerOptions = {},
): Log {
  const options = {
    level,
    base: instance === undefined ? { service } : { service, instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths(4), censor: '***' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
