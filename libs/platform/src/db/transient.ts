/** SQLSTATE classes in which the fault lies with the server or its surroundings, not with the statement's data. */
const TRANSIENT_CLASSES: ReadonlySet<string> = new Set([
  '08', // connection
  '53', // out of resources: disk full, too many connections
  '58', // system error: I/O
]);
const TRANSIENT_STATES: ReadonlySet<string> = new Set([
  '25006', // read-only: connected to a standby
  '28000', // refused and
  '28P01', // wrong password: an operator can mend both while we wait
  '3D000', // database,
  '3F000', // schema and
  '42P01', // table not there (yet): another service's migration makes them
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available
  '57014', // statement timeout
  '57P01', // shutting down,
  '57P02', // crashed,
  '57P03', // starting up
]);
const TRANSIENT_ERRNOS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT', // the server's Unix socket
  'EPIPE',
  'ETIMEDOUT',
]);
/** pg 8.23 and pg-pool throw these without any code (pg/lib/client.js, pg-pool/index.js). */
const TRANSIENT_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Query read timeout',
  'Cannot use a pool after calling end on the pool',
];

const NOT_ACCEPTING = 'is not currently accepting connections';

/**
 * True when the database, not the data, is at fault, so that the same work can pass later: it is away, starting, out of
 * resources, without the table yet, or picked us as a deadlock's victim. Looks through TypeORM's wrapper and causes.
 */
export function isTransientDbError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, driverError, cause, errors } = error as Record<string, unknown>;
  if (typeof code === 'string') {
    // Closed while another one takes its name (restore); otherwise 55000 is the statement's fault.
    if (code === '55000') return typeof message === 'string' && message.includes(NOT_ACCEPTING);
    if (TRANSIENT_ERRNOS.has(code) || TRANSIENT_STATES.has(code)) return true;
    if (code.length === 5 && TRANSIENT_CLASSES.has(code.slice(0, 2))) return true;
  } else if (typeof message === 'string' && TRANSIENT_MESSAGES.some((text) => message.startsWith(text)))
    return true;
  if (Array.isArray(errors) && errors.some(isTransientDbError)) return true;
  return (
    (driverError !== error && isTransientDbError(driverError)) ||
    (cause !== error && isTransientDbError(cause))
  );
}
