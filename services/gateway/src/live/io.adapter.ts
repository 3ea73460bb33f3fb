import type { IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { Verdict } from '../edge/access.js';

/** The largest message a browser may send; the longest join is far below. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 512;
/** Where socket.io is by default. */
export const SOCKET_PATH = '/socket.io/';

/** socket.io on the one HTTP server; who may open a socket is decided before there is one. */
export class ControlIoAdapter extends IoAdapter {
  constructor(
    app: INestApplication,
    private readonly judgeHandshake: (request: IncomingMessage) => Verdict,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server: Server = super.createIOServer(port, {
      ...(options as ServerOptions),
      serveClient: false,
      // Upgrades to anything else are not its own to end.
      destroyUpgrade: false,
      maxHttpBufferSize: MAX_PAYLOAD_BYTES,
      perMessageDeflate: false,
      allowRequest: (request: IncomingMessage, answer: (error: string | null, allowed: boolean) => void) => {
        const verdict = this.judgeHandshake(request);
        if (!verdict.pass) return answer(verdict.code, false);
        const full = server.engine.clientsCount >= MAX_CONNECTIONS;
        answer(full ? 'too_many_connections' : null, !full);
      },
    }) as Server;
    return server;
  }
}
