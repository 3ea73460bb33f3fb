import {
  ExplainRequestSchema,
  ExplainSchema,
  RouteChoicesSchema,
  type Explain,
  type RouteChoices,
  type RoutePolicy,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from '../http/errors.js';
import { BodyOf, Route } from '../http/route.js';
import { endpointOf } from '../inference/dialect.js';
import type { Ask, Capability, Grant } from '../inference/parts.js';
import { prefixOf } from '../inference/prefix.js';
import { readJsonBody } from '../inference/rewrite.js';
import { Keys } from '../keys/keys.js';
import { PolicyBook } from '../policies/policy-book.js';
import { FleetDecider } from './fleet-decider.js';

type Asked = z.output<typeof ExplainRequestSchema>;

@Controller('api/routing')
export class ExplainController {
  constructor(
    @Inject(FleetDecider) private readonly decider: FleetDecider,
    @Inject(PolicyBook) private readonly policies: PolicyBook,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  @Route({
    method: 'get',
    path: 'choices',
    tag: 'routing',
    summary: 'What each policy would choose now, and how fast models are',
    description: 'As for a plain chat of a client without a key. Nothing is sent to any host.',
    status: 200,
    response: RouteChoicesSchema,
    responseDescription: 'A choice for each policy, and the measured speeds',
    errors: [],
  })
  choices(): RouteChoices {
    return this.decider.choices(Date.now());
  }

  @Route({
    method: 'post',
    path: 'explain',
    tag: 'routing',
    summary: 'What /v1 would do with a request, and why',
    description:
      'A dry run: nothing is sent to any host, and nothing is kept. With a draft it is decided by that in place of the policy of its name, which stays as it is.',
    status: 200,
    response: ExplainSchema,
    responseDescription: 'Candidates with their scores or what stands against them, and the choice',
    errors: ['validation', 'not_found', 'too_large', 'unsupported_media_type'],
  })
  explain(@BodyOf(ExplainRequestSchema) asked: Asked): Explain {
    const grant = this.grantOf(asked.keyId);
    return this.decider.explain({ ...askOf(asked), grant }, Date.now(), this.draftOf(asked));
  }

  /** @throws {ApiError} `not_found` when there is no such key */
  private grantOf(keyId: string | undefined): Grant | null {
    if (keyId === undefined) return null;
    const grant = this.keys.grantOf(keyId);
    if (grant === null) throw new ApiError('not_found', `There is no key with the id ${keyId}.`);
    return grant;
  }

  /** As the version after the one that there is. */
  private draftOf({ draft }: Asked): RoutePolicy | null {
    if (draft === undefined) return null;
    const known = this.policies.get(draft.name);
    return {
      ...draft,
      version: (known?.version ?? 0) + 1,
      isBuiltIn: known?.isBuiltIn ?? false,
      updatedAt: instantFromMs(Date.now()),
    };
  }
}

/** As the path reads a request of a client. @throws {ApiError} `validation` when /v1 would not take it */
function askOf({ endpoint, body, session }: Asked): Omit<Ask, 'grant'> {
  const known = endpointOf(endpoint);
  if (known === undefined)
    throw new ApiError('validation', `The body is not valid. endpoint: /v1 has no ${endpoint}.`);
  const bytes = Buffer.from(JSON.stringify(body));
  const reading = readJsonBody(bytes);
  if (!reading.ok) throw new ApiError('validation', `The body is not valid. body: ${reading.message}`);
  const { model, maxTokens, hasTools, hasImages, user, opening } = reading.body;
  const needs = new Set<Capability>(known.needs);
  if (hasTools) needs.add('tools');
  if (hasImages) needs.add('vision');
  return {
    model,
    needs,
    requestBytes: bytes.length,
    maxTokens,
    session: session ?? user ?? (needs.has('chat') ? prefixOf(bytes, opening) : null),
    leaseToken: null,
  };
}
