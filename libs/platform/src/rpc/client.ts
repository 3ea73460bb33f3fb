import { errors, type NatsConnection } from '@nats-io/transport-node';
import { ProblemSchema, subjectOf, type Call } from '@boocontrol/contracts';
import { z } from 'zod';
import { busState } from '../bus/connect.js';
import { decodeJson } from '../bus/decode.js';
import { errorOf, RpcError, type CallError } from './rpc-error.js';

export interface AskOptions {
  /** How long to wait for the answer, in milliseconds; default 5000. */
  timeoutMs?: number;
}

/** What ServerNats of @nestjs/microservices 12.1 replies (server.js, send()): one packet for a handler that returns once. */
const ReplySchema = z
  .object({ err: z.unknown(), response: z.unknown(), isDisposed: z.boolean().optional() })
  .partial();

/** Asks services on the bus, in the packet format of Nest's NATS transport. */
export class RpcClient {
  private nextId = 0;

  constructor(private readonly nc: NatsConnection) {}

  /**
   * @throws {CallError} when the service refuses: with one of the call's codes
   * @throws {RpcError} `bad_request` (the body does not fit its schema), `unavailable` (nobody listens, or the bus is
   *   away), `timeout`, `bad_response` (the answer does not fit), `internal` (the service failed)
   */
  async ask<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
    { timeoutMs = 5_000 }: AskOptions = {},
  ): Promise<z.output<A>> {
    const checked = call.request.safeParse(body);
    if (!checked.success) throw badRequest(checked.error);
    const subject = subjectOf(call, checked.data);
    // The body travels as given: the answering side applies defaults and transforms itself.
    const packet = JSON.stringify({ pattern: subject, data: body, id: String(this.nextId++) });
    const reply = decodeJson(await this.send(subject, packet, timeoutMs), ReplySchema);
    if (!reply.ok) throw new RpcError('bad_response', `The answer to ${subject} is no reply packet`);
    const { err, response } = reply.value;
    if (err !== undefined && err !== null) throw fromReply(call, err);
    const answer = call.reply.safeParse(response);
    if (answer.success) return answer.data;
    throw new RpcError(
      'bad_response',
      `The answer to ${subject} does not fit: ${z.prettifyError(answer.error)}`,
    );
  }

  private async send(subject: string, packet: string, timeoutMs: number): Promise<Uint8Array> {
    // A request sent now would be dropped unsent (nats-core empties its buffer when it dials).
    if (!busState(this.nc).connected) throw new RpcError('unavailable', 'The bus is away at the moment');
    try {
      return (await this.nc.request(subject, packet, { timeout: timeoutMs })).data;
    } catch (cause) {
      throw transportError(subject, timeoutMs, cause);
    }
  }
}

/** The error for a body that does not fit: one detail for each problem, naming its field. */
export function badRequest(error: z.ZodError): RpcError {
  const details = error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    problem: issue.message,
  }));
  return new RpcError('bad_request', z.prettifyError(error), details);
}

function fromReply(call: Call, err: unknown): RpcError | CallError {
  const problem = ProblemSchema.safeParse(err);
  if (!problem.success) return new RpcError('internal', `${call.subject} failed without saying why`);
  const { code, message } = problem.data;
  return (
    errorOf(call, problem.data) ??
    new RpcError(
      'bad_response',
      `${call.subject} failed with a code that is not one of its own, ${code}: ${message}`,
    )
  );
}

function transportError(subject: string, timeoutMs: number, cause: unknown): RpcError {
  if (cause instanceof errors.TimeoutError) {
    return new RpcError('timeout', `No answer to ${subject} in ${timeoutMs} ms`, undefined, { cause });
  }
  const isNobody =
    cause instanceof errors.NoRespondersError ||
    (cause instanceof errors.RequestError && cause.isNoResponders());
  const message = isNobody ? `Nobody answers ${subject} at the moment` : `The bus could not carry ${subject}`;
  return new RpcError('unavailable', message, undefined, { cause });
}
