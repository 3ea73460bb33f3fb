import {
  NewRoutePolicySchema,
  PolicyNameSchema,
  RoutePoliciesSchema,
  RoutePolicyInputSchema,
  RoutePolicySchema,
  RoutePolicyVersionsSchema,
  type RoutePolicy,
  type RoutePolicyVersions,
} from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { ApiError } from '../http/errors.js';
import { BodyOf, ParamOf, QueryOf, Route } from '../http/route.js';
import { Policies, type PolicyOutcome } from './policies.service.js';
import { PolicyBook } from './policy-book.js';

const TAG = 'routing';
const ONE = { path: ':name', tag: TAG } as const;
const CHANGE_ERRORS = ['validation', 'not_found', 'conflict', 'unavailable'] as const;
const BODY_ERRORS = ['too_large', 'unsupported_media_type'] as const;

const VersionSchema = z.strictObject({
  version: z
    .int()
    .min(1)
    .describe(
      'The version that the change was made from; of another one it is a conflict, with the newest in details',
    ),
});

/** By what rules a name like `auto:code` finds a model. They are read from memory, also while the database is away. */
@Controller('api/routing/policies')
export class PoliciesController {
  constructor(
    @Inject(Policies) private readonly policies: Policies,
    @Inject(PolicyBook) private readonly book: PolicyBook,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'The policies of /v1',
    status: 200,
    response: RoutePoliciesSchema,
    responseDescription: 'The built-in ones first, then by name',
    errors: [],
  })
  list(): { policies: RoutePolicy[] } {
    return { policies: this.book.list() };
  }

  @Route({
    method: 'get',
    path: ':name/versions',
    tag: TAG,
    summary: 'What a policy was before',
    status: 200,
    response: RoutePolicyVersionsSchema,
    responseDescription: 'Newest first, those of a removed one as well',
    errors: ['validation', 'not_found', 'unavailable'],
  })
  async versions(@ParamOf('name', PolicyNameSchema) name: string): Promise<RoutePolicyVersions> {
    const versions = await this.policies.versions(name);
    if (versions.length === 0) throw new ApiError('not_found', `There never was a policy "${name}".`);
    return { versions };
  }

  @Route({
    method: 'post',
    path: '',
    tag: TAG,
    summary: 'Add a policy',
    description: 'Clients then ask for `auto:<name>`.',
    status: 201,
    response: RoutePolicySchema,
    responseDescription: 'Added; requests that come from now on are decided by it',
    errors: ['validation', 'exists', 'unavailable', ...BODY_ERRORS],
  })
  async create(
    @BodyOf(NewRoutePolicySchema) { name, ...input }: z.output<typeof NewRoutePolicySchema>,
  ): Promise<RoutePolicy> {
    return policyOf(name, await this.policies.create(name, input));
  }

  @Route({
    ...ONE,
    method: 'put',
    summary: 'Change a policy',
    description: 'The whole of it is replaced; every version is kept.',
    status: 200,
    response: RoutePolicySchema,
    responseDescription: 'Changed; requests that come from now on are decided by it',
    errors: [...CHANGE_ERRORS, ...BODY_ERRORS],
  })
  async replace(
    @ParamOf('name', PolicyNameSchema) name: string,
    @QueryOf(VersionSchema) { version }: z.output<typeof VersionSchema>,
    @BodyOf(RoutePolicyInputSchema) input: z.output<typeof RoutePolicyInputSchema>,
  ): Promise<RoutePolicy> {
    return policyOf(name, await this.policies.replace(name, version, input));
  }

  @Route({
    ...ONE,
    method: 'delete',
    summary: 'Remove a policy',
    description: 'The built-in ones stay. Records of the past name its versions as before.',
    status: 204,
    responseDescription: 'Removed; to ask for it is an error from now on',
    errors: [...CHANGE_ERRORS, 'built_in'],
  })
  async remove(
    @ParamOf('name', PolicyNameSchema) name: string,
    @QueryOf(VersionSchema) { version }: z.output<typeof VersionSchema>,
  ): Promise<void> {
    policyOf(name, await this.policies.remove(name, version));
  }
}

/** @throws {ApiError} when the command was not carried out */
function policyOf(name: string, outcome: PolicyOutcome): RoutePolicy {
  if (outcome.ok) return outcome.policy;
  switch (outcome.because) {
    case 'exists':
      throw new ApiError(
        'exists',
        `There is a policy "${name}" already. Choose another name, or change that one.`,
      );
    case 'not_found':
      throw new ApiError('not_found', `There is no policy "${name}".`);
    case 'built_in':
      throw new ApiError('built_in', `"${name}" is built in: it can be changed, not removed.`);
    case 'conflict': {
      const { version } = outcome;
      const message = `"${name}" was changed by somebody else in the meantime: it is at version ${version} now. Look at it, and try again from there.`;
      throw new ApiError('conflict', message, { version });
    }
  }
}
