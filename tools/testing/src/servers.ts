import { startNats, startPostgres } from '@boocontrol/runtime';
import type { ManagedServer } from '@boocontrol/runtime';
import { runtimePaths } from './project.js';
import { tempDir } from './temp-dir.js';

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Folder of its data, for tests that put it back to an earlier state. */
  readonly dir: string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL and waits until it is gone; its data stay for `restart`. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and data, after stopping it when it runs. */
  restart(): Promise<void>;
}

export interface TestNats extends TestServer {
  /** Options for `connect()` of @nats-io/transport-node, which does not read credentials from a URL. */
  readonly connection: { servers: string; user: string; pass: string };
}

/** A NATS with JetStream of its own, empty, on a free port (about 50 ms). */
export async function testNats(): Promise<TestNats> {
  const paths = await runtimePaths();
  return inTempDir(async (dir) => {
    const server = await startNats({ paths, dir, port: 0 });
    return {
      server,
      more: {
        url: server.url,
        connection: { servers: `127.0.0.1:${server.port}`, user: server.user, pass: server.password },
      },
    };
  });
}

/** A PostgreSQL with TimescaleDB of its own, for tests that kill it (about 1.5 s). Others use `testDatabase`. */
export async function testPostgres(): Promise<TestServer> {
  const paths = await runtimePaths();
  return inTempDir(async (dir) => {
    const server = await startPostgres({ paths, dir, port: 0 });
    return { server, more: { url: server.url } };
  });
}

async function inTempDir<More>(
  start: (dir: string) => Promise<{ server: ManagedServer; more: More }>,
): Promise<Omit<TestServer, 'url'> & More> {
  const dir = await tempDir();
  try {
    const { server, more } = await start(dir.path);
    return {
      ...more,
      port: server.port,
      dir: dir.path,
      get pid() {
        return server.pid;
      },
      async stop() {
        await server.stop();
        await dir.remove();
      },
      kill9: () => server.kill9(),
      restart: () => server.restart(),
    };
  } catch (error) {
    await dir.remove();
    throw error;
  }
}
