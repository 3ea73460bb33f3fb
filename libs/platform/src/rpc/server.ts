import { setImmediate as nextTurn } from 'node:timers/promises';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter, type PipeTransform } from '@nestjs/common';
import { ServerNats, type BaseRpcContext, type WritePacket } from '@nestjs/microservices';
import {
  createInbox,
  type Msg,
  type NatsConnection,
  type Subscription,
  type SubscriptionOptions,
} from '@nats-io/transport-node';
import { finalize, throwError, type Observable } from 'rxjs';
import type { z } from 'zod';
import { pause } from '../backoff.js';
import { busConnectionOptions } from '../bus/connect.js';
import { badRequest } from './client.js';
import { RpcError } from './rpc-error.js';

/** `@Payload(zodPayload(Schema)) body: z.output<typeof Schema>`. Thrown to the caller: RpcError `bad_request`. */
export function zodPayload<S extends z.ZodType>(schema: S): PipeTransform<unknown, z.output<S>> {
  return {
    transform: (value) => {
      const parsed = schema.safeParse(value);
      if (!parsed.success) throw badRequest(parsed.error);
      return parsed.data;
    },
  };
}

/** Errors of handlers as `{code, message, details?}`: an RpcError as it is, any other as `internal`, its text only in our log. */
@Catch()
export class RpcErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Rpc');

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    if (error instanceof RpcError) return throwError(() => error.toJSON());
    const pattern: unknown = host.switchToRpc().getContext<{ getSubject?: () => string }>().getSubject?.();
    this.log.error({ err: error, subject: pattern });
    return throwError(() =>
      new RpcError('internal', 'Something went wrong here; the log of the service has it').toJSON(),
    );
  }
}

/** How long drain() waits for handlers that are under way. */
const HANDLERS_MS = 8_000;

/**
 * Nest's NATS server with four mends (12.1.1): a body that is not JSON gets an error reply instead of none; a plain JSON
 * request without packet and id (the nats CLI) gets an answer; the connection never gives up; and drain() waits for handlers.
 */
export class BusServer extends ServerNats {
  private readonly own: Subscription[] = [];
  /** Messages being read plus requests whose answer has not been sent. */
  private underWay = 0;

  constructor(url: string, service: string) {
    super({
      ...busConnectionOptions(url, `${service}-rpc`),
      queue: service,
      deserializer: { deserialize: (msg: Msg, extra: { channel: string }) => toPacket(msg, extra.channel) },
    });
  }

  /**
   * Takes no more requests, answers those under way, then closes the connection. The connection's own drain() waits only
   * until a handler was called, so whatever an asynchronous handler answers later would be lost.
   */
  async drain(): Promise<void> {
    const nc = this.unwrap<NatsConnection>();
    await Promise.allSettled(this.own.map((subscription) => subscription.drain()));
    const deadlineMs = performance.now() + HANDLERS_MS;
    while (this.underWay > 0 && performance.now() < deadlineMs) await pause(5);
    await nextTurn(); // The server sends the last answer in the tick after the handler's end.
    if (!nc.isClosed()) await nc.drain();
  }

  override bindEvents(client: NatsConnection): void {
    const subscribe = (subject: string, options: SubscriptionOptions): Subscription => {
      const subscription = client.subscribe(subject, options);
      this.own.push(subscription);
      return subscription;
    };
    super.bindEvents({ subscribe });
  }

  protected override handleRequest(
    context: BaseRpcContext,
    produce: () => Promise<Observable<unknown>>,
    respond: (data: WritePacket) => Promise<unknown> | void,
  ): void {
    this.underWay++;
    const isOver = (): void => void this.underWay--;
    const counted = async (): Promise<Observable<unknown>> => {
      try {
        return (await produce()).pipe(finalize(isOver));
      } catch (error) {
        isOver();
        throw error;
      }
    };
    // A promise in fact: handleMessage awaits it.
    return super.handleRequest(context, counted, respond);
  }

  override async handleMessage(channel: string, msg: Msg): Promise<unknown> {
    this.underWay++;
    try {
      return await super.handleMessage(channel, msg);
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      const err = new RpcError('bad_request', 'The body is not JSON').toJSON();
      return msg.respond(JSON.stringify({ err, isDisposed: true }));
    } finally {
      this.underWay--;
    }
  }
}

class NotJson extends Error {}

interface Packet {
  pattern: unknown;
  data: unknown;
  /** Absent: an event, which nobody waits for. */
  id?: string;
}

function toPacket(msg: Msg, channel: string): Packet {
  let body: unknown;
  try {
    body = msg.json();
  } catch {
    throw new NotJson();
  }
  // A packet of Nest's client; JSON.stringify leaves `data` out when it is undefined.
  const isPacket =
    typeof body === 'object' && body !== null && 'pattern' in body && ('data' in body || 'id' in body);
  const { data, id } = isPacket ? (body as Partial<Packet>) : { data: body };
  const isAsked = msg.reply !== undefined && msg.reply !== '';
  const packet = { pattern: channel, data };
  if (typeof id === 'string') return { ...packet, id };
  return isAsked ? { ...packet, id: createInbox() } : packet;
}
