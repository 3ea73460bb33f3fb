import {
  cursorRefusals,
  LogLinesQuerySchema,
  LogLinesSchema,
  rangeRefusals,
  type LogLines,
  type LogLinesQuery,
} from '@boocontrol/contracts';
import { BUS, busState, JetStreamSetup } from '@boocontrol/platform';
import { JetStreamApiCodes, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Controller, Inject } from '@nestjs/common';
import { ApiError } from '../http/errors.js';
import { QueryOf, Route } from '../http/route.js';
import { keptLines } from './kept-lines.js';

/** What is still kept of the logs of hosts. */
@Controller('api/logs')
export class LogsController {
  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'logs',
    summary: 'Lines of the logs of a host that are still kept, in the order in which they came',
    description:
      'The log is a tail of 2,000 lines of each source, in memory: `kept` says how far back it reaches. Follow `nextCursor` for later lines. Live: the socket’s rooms `log:<provider>:<source>`.',
    status: 200,
    response: LogLinesSchema,
    responseDescription: 'One page',
    errors: ['validation', 'unavailable'],
    passesOn: [rangeRefusals, cursorRefusals],
  })
  async lines(@QueryOf(LogLinesQuerySchema) query: LogLinesQuery): Promise<LogLines> {
    if (!busState(this.nc).connected)
      throw new ApiError('unavailable', 'Logs cannot be read while the bus is down; try again in a moment.');
    try {
      return await keptLines(await jetstreamManager(this.nc, { checkAPI: false }), query);
    } catch (error) {
      const { code } = error as { code?: unknown };
      // The bus was wiped: nobody waits for what is made anew, the next question finds it.
      if (code === JetStreamApiCodes.StreamNotFound) void this.setup.ensure().catch(() => undefined);
      if (code === 'read_interrupted')
        throw new ApiError('unavailable', 'The bus stopped in the middle of the log; try again.');
      throw error;
    }
  }
}
