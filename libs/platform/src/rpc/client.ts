import { errors, type NatsConnection } from '@nats-io/transport-node';
import { ProblemSchema } from '@boocontrol/contracts';
import { z } from 'zod';
import { busState } from '../bus/connect.js';
import { RpcError } from './rpc-error.js';

/** A question's two ends; the entries of `rpc` in the contracts fit. */
export interface RpcSchemas<Q extends z.ZodType, A extends z.ZodType> {
  request: Q;
  response: A;
}

export interface RequestOptions {
  /** Default 5000. */
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
   * Thrown: RpcError, with the answering service's code, or `bad_request` (the body does not fit its schema), `unavailable`
   * (nobody listens, or the bus is away), `timeout`, `bad_response` (the answer does not fit its schema).
   */
  async request<Q extends z.ZodType, A extends z.ZodType>(
    subject: string,
    schemas: RpcSchemas<Q, A>,
    body: z.input<Q>,
    { timeoutMs = 5_000 }: RequestOptions = {},
  ): Promise<z.output<A>> {
    const checked = schemas.request.safeParse(body);
    if (!checked.success) throw badRequest(checked.error);
    // The body travels as given: the answering side applies defaults and transforms itself.
    const packet = JSON.stringify({ pattern: subject, data: body, id: String(this.nextId++) });
    const reply = ReplySchema.safeParse(await this.ask(subject, packet, timeoutMs));
    if (!reply.success) throw new RpcError('bad_response', `The answer to ${subject} is no reply packet`);
    if (reply.data.err !== undefined && reply.data.err !== null) throw fromReply(subject, reply.data.err);
    const answer = schemas.response.safeParse(reply.data.response);
    if (answer.success) return answer.data;
    throw new RpcError(
      'bad_response',
      `The answer to ${subject} does not fit: ${z.prettifyError(answer.error)}`,
    );
  }

  private async ask(subject: string, packet: string, timeoutMs: number): Promise<unknown> {
    // A request sent now would be dropped unsent (nats-core empties its buffer when it dials).
    if (!busState(this.nc).connected) throw new RpcError('unavailable', 'The bus is away at the moment');
    let text: string;
    try {
      text = (await this.nc.request(subject, packet, { timeout: timeoutMs })).string();
    } catch (cause) {
      throw transportError(subject, timeoutMs, cause);
    }
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new RpcError('bad_response', `The answer to ${subject} is not JSON`, undefined, { cause });
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

function fromReply(subject: string, err: unknown): RpcError {
  const problem = ProblemSchema.safeParse(err);
  if (problem.success) return new RpcError(problem.data.code, problem.data.message, problem.data.details);
  return new RpcError('internal', `${subject} failed without saying why`);
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
