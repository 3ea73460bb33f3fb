import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../logs/logger.js';

export interface BusOptions {
  /** `nats://user:password@host:4222`, several separated by commas; a user without password is a token. */
  url: string;
  /** Shown in the server's connection list. */
  name: string;
  log: Log;
}

export interface BusState {
  connected: boolean;
  /** Since when, RFC 3339. */
  since: string;
}

const states = new WeakMap<NatsConnection, BusState>();

/** Whether a connection made by connectBus is up, and since when. */
export function busState(nc: NatsConnection): BusState {
  return states.get(nc) ?? { connected: !nc.isClosed(), since: new Date().toISOString() };
}

/** Connection options for the bus: never gives up, no stack traces per message. */
export function busConnectionOptions(url: string, name: string): ConnectionOptions {
  const servers = url.split(',').map((text) => new URL(text.trim()));
  const [first] = servers;
  const user = decodeURIComponent(first?.username ?? '');
  const pass = decodeURIComponent(first?.password ?? '');
  return {
    name,
    servers: servers.map((server) => `${server.hostname}:${server.port === '' ? '4222' : server.port}`),
    ...(user === '' ? {} : pass === '' ? { token: user } : { user, pass }),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 250,
    waitOnFirstConnect: true,
    noAsyncTraces: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    timeout: 5_000,
  };
}

/**
 * Connects, waiting for as long as the server is away, and keeps reconnecting for ever.
 * Thrown: when the server refuses the credentials.
 */
export async function connectBus({ url, name, log }: BusOptions): Promise<NatsConnection> {
  const options = busConnectionOptions(url, name);
  const waiting = setInterval(
    () => log.warn({ servers: options.servers }, 'still waiting for the bus'),
    5_000,
  );
  let nc: NatsConnection;
  try {
    nc = await connect(options);
  } finally {
    clearInterval(waiting);
  }
  states.set(nc, { connected: true, since: new Date().toISOString() });
  log.info({ server: nc.getServer() }, 'connected to the bus');
  void follow(nc, log);
  return nc;
}

async function follow(nc: NatsConnection, log: Log): Promise<void> {
  const set = (connected: boolean): void => {
    states.set(nc, { connected, since: new Date().toISOString() });
  };
  for await (const status of nc.status()) {
    switch (status.type) {
      case 'disconnect':
        set(false);
        log.warn({ server: status.server }, 'lost the bus, reconnecting');
        break;
      case 'reconnect':
        set(true);
        log.info({ server: status.server }, 'back on the bus');
        break;
      case 'error':
        log.error({ err: status.error }, 'bus error');
        break;
      case 'slowConsumer':
        log.warn({ subject: status.sub.getSubject(), pending: status.pending }, 'slow bus subscription');
        break;
      case 'close':
        set(false);
        break;
      default:
        log.trace({ status: status.type }, 'bus status');
    }
  }
  set(false);
}
