import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a command on its way to the host. */
export type Fate =
  | 'pass'
  /** The host gets it, its answer is lost. */
  | 'lose_answer'
  /** The host does not get it; the connection breaks. */
  | 'drop'
  /** It waits until it is let go. */
  | 'hold';

const IS_COMMAND = /^(POST|PUT) \/api\/(models\/unload|inflight\/|profiles)|^GET \/upstream\/.+\/health$/;

/** Stands in front of a host, counts what it is told to do, and plays tricks with it. */
export interface Proxy {
  url: string;
  /** Commands that came, e.g. `GET /upstream/m/health`, in order. */
  commands: string[];
  fate: Fate;
  /** Lets go what is held. */
  release: () => void;
  /** Refuses everything from now on, as a host that is down. */
  isDown: boolean;
  /** Breaks every connection there is. */
  drop: () => void;
  close: () => Promise<void>;
}

export async function proxyFor(target: () => string): Promise<Proxy> {
  const held: (() => void)[] = [];
  const server = createServer((request, response) => void take(request, response));
  const proxy: Proxy = {
    url: '',
    commands: [],
    fate: 'pass',
    isDown: false,
    drop: () => server.closeAllConnections(),
    release: () => {
      for (const go of held.splice(0)) go();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (proxy.isDown) return void request.socket.destroy();
    const name = `${request.method} ${request.url}`;
    const isCommand = IS_COMMAND.test(name);
    const { fate } = proxy;
    if (isCommand) {
      proxy.commands.push(name);
      if (fate === 'drop') return void request.socket.destroy();
      if (fate === 'hold') await new Promise<void>((go) => held.push(go));
    }
    forward(request, response, isCommand && fate === 'lose_answer');
  }

  function forward(request: IncomingMessage, response: ServerResponse, isLost: boolean): void {
    const { method, url, headers } = request;
    const onward = ask(`${target()}${url}`, { method, headers }, (answer) => {
      if (isLost) {
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => request.socket.destroy());
    });
    onward.on('error', () => request.socket.destroy());
    if (!isLost) response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
