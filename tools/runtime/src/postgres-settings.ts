import { isAbsolute } from 'node:path';

/** A Unix socket's path must fit into 108 bytes, ending zero and the socket's own name included. */
const SOCKET_DIR_LIMIT = 107 - '/.s.PGSQL.65535.lock'.length;

/** What every start and the making of the data folder use, as `name=value`. */
export const BASE_SETTINGS: readonly string[] = [
  'shared_preload_libraries=timescaledb',
  'timescaledb.telemetry_level=off',
  'jit=off',
];

export interface PostgresSettings {
  port: number;
  dataDir: string;
  /** More settings as `name=value`; they win over the usual ones. */
  extra: readonly string[];
}

/** The server's arguments. On the command line rather than in postgresql.conf, which stays the user's to edit. */
export function postgresArguments({ port, dataDir, extra }: PostgresSettings): string[] {
  if (!isAbsolute(dataDir)) throw new TypeError(`the data folder must be an absolute path: ${dataDir}`);
  const socketDir = Buffer.byteLength(dataDir) <= SOCKET_DIR_LIMIT ? dataDir : '';
  const settings = [
    ...BASE_SETTINGS,
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${socketDir}`,
    'max_connections=100',
    'shared_buffers=128MB',
    'max_worker_processes=16',
    'timescaledb.max_background_workers=4',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_checkpoints=off',
    ...extra,
  ];
  return ['-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])];
}

/** The state of a starting server, from its postmaster.pid: the process on the first line, its status on the eighth. */
export function isPostmasterReady(pidFile: string, pid: number): boolean {
  const lines = pidFile.split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}
