import {
  ApiKeyInputSchema,
  ApiKeyPatchSchema,
  ApiKeySchema,
  ApiKeysResponseSchema,
  CreatedApiKeySchema,
  type ApiKey,
  type ApiKeyInput,
  type ApiKeyPatch,
  type ApiKeys,
  type CreatedApiKey,
} from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { ApiError } from '../http/errors.js';
import { BodyOf, ParamOf, Route } from '../http/route.js';
import { deleteKey, insertKey, listKeys, patchKey } from './keys.repository.js';
import { Keys } from './keys.js';
import { hashOf, newKey } from './new-key.js';

const TAG = 'keys';
const BODY_ERRORS = ['validation', 'unavailable', 'too_large', 'unsupported_media_type'] as const;
const KeyIdSchema = ApiKeySchema.shape.id;

const noSuchKey = (id: string): ApiError => new ApiError('not_found', `There is no key with the id ${id}.`);

/** Keys of clients of /v1. */
@Controller('api/keys')
export class KeysController {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Keys for /v1, with what they used this month',
    status: 200,
    response: ApiKeysResponseSchema,
    responseDescription: 'Oldest first; the keys themselves cannot be had again',
    errors: ['unavailable'],
  })
  async list(): Promise<ApiKeys> {
    return { keys: await listKeys(this.database.db), isNeeded: this.keys.isNeeded };
  }

  @Route({
    method: 'post',
    path: '',
    tag: TAG,
    summary: 'Make a key for /v1',
    description: 'The answer tells the key, this once: only its SHA-256 is kept.',
    status: 201,
    response: CreatedApiKeySchema,
    responseDescription: 'The key, and what is kept of it',
    errors: BODY_ERRORS,
  })
  async create(@BodyOf(ApiKeyInputSchema) input: ApiKeyInput): Promise<CreatedApiKey> {
    const key = newKey();
    const apiKey = await insertKey(this.database.db, input, hashOf(key));
    await this.keys.changed();
    return { apiKey, key };
  }

  @Route({
    method: 'patch',
    path: ':id',
    tag: TAG,
    summary: 'Change a key',
    description: 'What is not named stays. It holds from the next request on.',
    status: 200,
    response: ApiKeySchema,
    responseDescription: 'As it is now',
    errors: ['not_found', ...BODY_ERRORS],
  })
  async change(
    @ParamOf('id', KeyIdSchema) id: string,
    @BodyOf(ApiKeyPatchSchema) patch: ApiKeyPatch,
  ): Promise<ApiKey> {
    const changed = await patchKey(this.database.db, id, patch);
    if (changed === null) throw noSuchKey(id);
    await this.keys.changed();
    return changed;
  }

  @Route({
    method: 'delete',
    path: ':id',
    tag: TAG,
    summary: 'Remove a key',
    description: 'It lets nobody in from the next request on. Records of its requests stay.',
    status: 204,
    responseDescription: 'It is gone',
    errors: ['validation', 'not_found', 'unavailable'],
  })
  async remove(@ParamOf('id', KeyIdSchema) id: string): Promise<void> {
    if (!(await deleteKey(this.database.db, id))) throw noSuchKey(id);
    await this.keys.changed();
  }
}
