import type { ErrorBody } from '@boocontrol/contracts';
import { CallError, isTransientDbError, LOG, RpcError, type Log } from '@boocontrol/platform';
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { JetStreamError, JetStreamApiError } from '@nats-io/jetstream';
import { errors as nats } from '@nats-io/transport-node';
import type { FastifyReply } from 'fastify';
import { ApiError, type ApiErrorCode } from './errors.js';

export interface Answer {
  status: number;
  body: ErrorBody;
}

const BUS_ERRORS = [
  JetStreamError,
  JetStreamApiError,
  nats.ClosedConnectionError,
  nats.ConnectionError,
  nats.DrainingConnectionError,
  nats.NoRespondersError,
  nats.RequestError,
  nats.TimeoutError,
];
const BY_STATUS: Readonly<Record<number, ApiErrorCode>> = {
  400: 'bad_request',
  404: 'not_found',
  412: 'precondition_failed',
  413: 'too_large',
  415: 'unsupported_media_type',
  416: 'range_not_satisfiable',
};

/** A service behind us could not be asked, or did not answer as it should. */
function fromRpc({ code, message, details }: RpcError): Answer {
  const known = {
    bad_request: 'validation',
    unavailable: 'unavailable',
    timeout: 'timeout',
    bad_response: 'bad_upstream_answer',
    internal: 'bad_upstream_answer',
  } as const satisfies Record<RpcError['code'], ApiErrorCode>;
  return answerOf(new ApiError(known[code], message, details));
}

function answerOf(error: ApiError): Answer {
  return { status: error.status, body: error.body };
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : null;
}

/** What a client is told of an error; never a stack, never the text of an error that nobody expected. */
export function toAnswer(error: unknown): Answer {
  if (error instanceof ApiError) return answerOf(error);
  if (error instanceof CallError) return { status: error.httpStatus, body: { error: error.toJSON() } };
  if (error instanceof RpcError) return fromRpc(error);
  if (isTransientDbError(error))
    return answerOf(new ApiError('unavailable', 'The database does not answer at the moment.'));
  if (BUS_ERRORS.some((kind) => error instanceof kind)) {
    return answerOf(new ApiError('unavailable', 'The bus (NATS) does not answer at the moment.'));
  }
  const status = typeof error === 'object' && error !== null ? statusOf(error) : null;
  const code = status === null ? undefined : BY_STATUS[status];
  if (code !== undefined && error instanceof Error) return answerOf(new ApiError(code, error.message));
  return answerOf(new ApiError('internal', 'Something went wrong here; the log of the gateway has it.'));
}

/** Answers with what a client is told of the error; one that nobody expected goes to our log. */
export function sendError(error: unknown, reply: FastifyReply, log: Log): void {
  const { status, body } = toAnswer(error);
  if (body.error.code === 'internal') log.error({ err: error }, 'a request failed');
  if (!reply.sent) void reply.code(status).send(body);
}

/** Errors of /api as `{error: {code, message, details?}}`. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    sendError(error, host.switchToHttp().getResponse<FastifyReply>(), this.log);
  }
}
