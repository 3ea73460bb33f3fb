import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServerNats, type BaseRpcContext, type WritePacket } from '@nestjs/microservices';
import {
  createInbox,
  type Msg,
  type NatsConnection,
  type Subscription,
  type SubscriptionOptions,
} from '@nats-io/transport-node';
import { finalize, type Observable } from 'rxjs';
import { pause } from '../backoff.js';
import { busConnectionOptions } from '../bus/connect.js';
import { unpack } from './packet.js';
import { RpcError } from './rpc-error.js';

/** How long drain() waits for handlers that are under way. */
const HANDLERS_MS = 8_000;

/**
 * Nest's NATS server with four mends (12.1.1): a body that is not JSON gets an error reply instead of none; a plain JSON
 * request without packet and id (the nats CLI) gets an answer; the connection never gives up; and drain() waits for handlers.
 */
export class BusServer extends ServerNats {
  private readonly own: Subscription[] = [];
  private readonly work = new WorkUnderWay();

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
    const isIdle = new AbortController();
    await Promise.race([this.work.idle(), pause(HANDLERS_MS, isIdle.signal)]);
    isIdle.abort();
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
    const isOver = this.work.begin();
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
    const isOver = this.work.begin();
    try {
      return await super.handleMessage(channel, msg);
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      const err = new RpcError('bad_request', 'The body is not JSON').toJSON();
      return msg.respond(JSON.stringify({ err, isDisposed: true }));
    } finally {
      isOver();
    }
  }
}

/** Messages being read plus requests whose answer has not been sent. */
class WorkUnderWay {
  private count = 0;
  private onIdle: (() => void)[] = [];

  /** Returns what ends it, to be called once. */
  begin(): () => void {
    this.count++;
    return () => {
      if (--this.count === 0) for (const resolve of this.onIdle.splice(0)) resolve();
    };
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.count === 0) resolve();
      else this.onIdle.push(resolve);
    });
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
  const { data, id } = unpack(body);
  const isAsked = msg.reply !== undefined && msg.reply !== '';
  const packet = { pattern: channel, data };
  if (typeof id === 'string') return { ...packet, id };
  return isAsked ? { ...packet, id: createInbox() } : packet;
}
