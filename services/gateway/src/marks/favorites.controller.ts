import {
  FavoritesResponseSchema,
  ModelIdSchema,
  ProviderIdSchema,
  type Favorite,
} from '@boocontrol/contracts';
import { Controller, Inject } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { ParamOf, Route } from '../http/route.js';
import { Marks } from './marks.js';
import { MODEL_HINT, MODEL_PATH } from '../http/model-route.js';
import { addFavorite, listFavorites, removeFavorite } from './favorites.repository.js';

const ONE = {
  ...MODEL_PATH,
  tag: 'favorites',
  description: MODEL_HINT,
  status: 204,
  errors: ['validation', 'unavailable'],
} as const;

@Controller('api/favorites')
export class FavoritesController {
  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(Marks) private readonly marks: Marks,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'favorites',
    summary: 'Models that were marked as favourites',
    status: 200,
    response: FavoritesResponseSchema,
    responseDescription: 'Oldest first',
    errors: ['unavailable'],
  })
  async list(): Promise<{ favorites: Favorite[] }> {
    return { favorites: await listFavorites(this.database.db) };
  }

  @Route({
    ...ONE,
    method: 'put',
    summary: 'Mark a model as favourite',
    responseDescription: 'It is a favourite, now or already',
  })
  async add(
    @ParamOf('providerId', ProviderIdSchema) providerId: string,
    @ParamOf('model', ModelIdSchema, '*') model: string,
  ): Promise<void> {
    await addFavorite(this.database.db, providerId, model);
    await this.marks.changed();
  }

  @Route({
    ...ONE,
    method: 'delete',
    summary: 'Remove a mark',
    responseDescription: 'It is no favourite, now or already',
  })
  async remove(
    @ParamOf('providerId', ProviderIdSchema) providerId: string,
    @ParamOf('model', ModelIdSchema, '*') model: string,
  ): Promise<void> {
    await removeFavorite(this.database.db, providerId, model);
    await this.marks.changed();
  }
}
