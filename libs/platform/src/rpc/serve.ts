import { subjectOf, type Call } from '@boocontrol/contracts';
import {
  applyDecorators,
  Catch,
  Logger,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { throwError, type Observable } from 'rxjs';
import { z } from 'zod';
import { decodeJson } from '../bus/decode.js';
import { badRequest } from './client.js';
import { unpack } from './packet.js';
import { CallError, RpcError } from './rpc-error.js';

/** Marks the methods that answer; a service that has one gets a connection for its calls. */
export const SERVE = Symbol('boocontrol:serve');

type Reply<A extends z.ZodType> = z.input<A> | Promise<z.input<A>>;
type Handler<Q extends z.ZodType, A extends z.ZodType> = (request: z.output<Q>) => Reply<A>;

/**
 * Answers a call: on a method of a controller whose only parameter is the request, parsed by the call's schema, and
 * which returns the reply. It may throw what `refuse(call, …)` makes, and RpcError; anything else reaches the caller as
 * `internal`, its text only in our log. A body that does not fit never reaches the method.
 */
export function Serve<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
  call: Call<Q, A, Code>,
): <H extends Handler<Q, A>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>) => void {
  const transform = (body: unknown): z.output<Q> => parseRequest(call, body);
  return (target, key, descriptor) => {
    Payload({ transform })(target, key, 0);
    Reflect.defineMetadata(SERVE, call, descriptor.value as object);
    applyDecorators(MessagePattern(call.subject), UseFilters(new CallErrors(call)))(target, key, descriptor);
  };
}

/** Errors of a handler as they travel. */
@Catch()
class CallErrors implements ExceptionFilter {
  constructor(private readonly call: Call) {}

  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => problemOf(this.call, error));
  }
}

/**
 * Answers a call whose subject has fields (`{providerId}`) for one value of them, for as long as the subscription lives.
 * @param fields the fields of the subject's template
 * @throws {TypeError} when a field of the template is missing
 */
export function answerCall<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
  nc: NatsConnection,
  call: Call<Q, A, Code>,
  fields: Readonly<Record<string, string>>,
  handle: Handler<Q, A>,
): Subscription {
  const subject = subjectOf(call, fields);
  const answer = async ({ data }: Msg): Promise<object> => {
    try {
      const body = decodeJson(data, z.unknown());
      if (!body.ok) throw new RpcError('bad_request', 'The body is not JSON');
      const request = parseRequest(call, unpack(body.value).data);
      if (subjectOf(call, request) !== subject)
        throw new RpcError('bad_request', `The request is not for ${subject}`);
      return { response: await handle(request) };
    } catch (error) {
      return { err: problemOf(call, error) };
    }
  };
  return nc.subscribe(subject, {
    callback: (error, msg) => {
      if (error !== null) return;
      void answer(msg).then((reply) => msg.respond(JSON.stringify({ ...reply, isDisposed: true })));
    },
  });
}

function parseRequest<Q extends z.ZodType>(call: Call<Q>, body: unknown): z.output<Q> {
  const parsed = call.request.safeParse(body);
  if (!parsed.success) throw badRequest(parsed.error);
  return parsed.data;
}

const log = new Logger('Rpc');

/** An RpcError or a refusal of this call as it is; any other error as `internal`, its text only in our log. */
function problemOf(call: Call, error: unknown): object {
  if (error instanceof RpcError) return error.toJSON();
  if (error instanceof CallError && Object.hasOwn(call.errors, error.code)) return error.toJSON();
  log.error({ err: error, subject: call.subject });
  return new RpcError('internal', 'Something went wrong here; the log of the service has it').toJSON();
}
