import { CONTROL_NAMESPACE, JoinSchema, type Problem } from '@boocontrol/contracts';
import { Inject } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { RateLimit } from '../edge/rate-limit.js';
import { ApiError } from '../http/errors.js';
import { parseInput } from '../http/parse.js';
import { Hub } from './hub.js';
import type { ControlNamespace, ControlSocket } from './peer.js';

/** Each join costs a snapshot. */
const JOINS = 20;
const JOINS_WINDOW_MS = 10_000;

@WebSocketGateway({ namespace: CONTROL_NAMESPACE })
export class ControlGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  private readonly joins = new RateLimit(JOINS, JOINS_WINDOW_MS);

  constructor(@Inject(Hub) private readonly hub: Hub) {}

  afterInit(nsp: ControlNamespace): void {
    this.hub.start(nsp);
  }

  handleConnection(socket: ControlSocket): void {
    this.hub.connected(socket);
  }

  handleDisconnect(socket: ControlSocket): void {
    this.hub.disconnected(socket);
  }

  @SubscribeMessage('join')
  join(
    @ConnectedSocket() socket: ControlSocket,
    @MessageBody() body: unknown,
  ): { ok: true } | { error: Problem } {
    try {
      if (!this.joins.take(socket.id, Date.now())) {
        throw new ApiError(
          'rate_limited',
          `At most ${JOINS} joins in ${JOINS_WINDOW_MS / 1000} s; wait a moment.`,
        );
      }
      this.hub.join(socket, new Set(parseInput(JoinSchema, body, 'join').rooms));
      return { ok: true };
    } catch (error) {
      if (error instanceof ApiError) return error.body;
      throw error;
    }
  }
}
