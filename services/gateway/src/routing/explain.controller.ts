import { ExplainRequestSchema, ExplainSchema, type Explain } from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from '../http/errors.js';
import { BodyOf, Route } from '../http/route.js';
import { endpointOf } from '../inference/dialect.js';
import type { Ask, Capability } from '../inference/parts.js';
import { readJsonBody } from '../inference/rewrite.js';
import { FleetDecider } from './fleet-decider.js';

type Asked = z.output<typeof ExplainRequestSchema>;

@Controller('api/routing')
export class ExplainController {
  constructor(@Inject(FleetDecider) private readonly decider: FleetDecider) {}

  @Route({
    method: 'post',
    path: 'explain',
    tag: 'routing',
    summary: 'What /v1 would do with a request, and why',
    description:
      'A dry run: nothing is sent to any host, and nothing is kept. It is decided as for a client without a key.',
    status: 200,
    response: ExplainSchema,
    responseDescription: 'Candidates with their scores or what stands against them, and the choice',
    errors: ['validation', 'too_large', 'unsupported_media_type'],
  })
  explain(@BodyOf(ExplainRequestSchema) asked: Asked): Explain {
    return this.decider.explain(askOf(asked), Date.now());
  }
}

/** As the path reads a request of a client. @throws {ApiError} `validation` when /v1 would not take it */
function askOf({ endpoint, body, session }: Asked): Ask {
  const known = endpointOf(endpoint);
  if (known === undefined)
    throw new ApiError('validation', `The body is not valid. endpoint: /v1 has no ${endpoint}.`);
  const bytes = Buffer.from(JSON.stringify(body));
  const reading = readJsonBody(bytes);
  if (!reading.ok) throw new ApiError('validation', `The body is not valid. body: ${reading.message}`);
  const { model, maxTokens, hasTools, hasImages, user } = reading.body;
  const needs = new Set<Capability>(known.needs);
  if (hasTools) needs.add('tools');
  if (hasImages) needs.add('vision');
  return {
    model,
    needs,
    requestBytes: bytes.length,
    maxTokens,
    session: session ?? user,
    leaseToken: null,
    grant: null,
  };
}
