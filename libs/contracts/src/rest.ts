import { z } from 'zod';
import { ProblemSchema } from './common.js';
import { HostStateSchema } from './fleet.js';
import { PublicProviderSchema } from './frames.js';
import { FavoriteSchema, HiddenSchema } from './provider.js';

/** Every error body of /api. */
export const ErrorBodySchema = z
  .object({ error: ProblemSchema.describe('What happened and what to do') })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBodySchema>;

/** GET /api/fleet. Hosts in the order of their labels. */
export const FleetResponseSchema = z
  .object({
    epoch: z.string().describe('Sequences of different epochs do not compare'),
    hosts: z
      .array(HostStateSchema.extend({ provider: PublicProviderSchema.describe('Its entry in the registry') }))
      .describe('In the order of their labels'),
  })
  .meta({ id: 'Fleet' });
export type FleetResponse = z.infer<typeof FleetResponseSchema>;

export const ProvidersResponseSchema = z
  .object({ providers: z.array(PublicProviderSchema).describe('In the order of their labels') })
  .meta({ id: 'Providers' });
export const FavoritesResponseSchema = z
  .object({ favorites: z.array(FavoriteSchema).describe('Oldest first') })
  .meta({ id: 'Favorites' });
export const HiddenResponseSchema = z
  .object({ hidden: z.array(HiddenSchema).describe('Oldest first') })
  .meta({ id: 'HiddenList' });
export const ReconnectResponseSchema = z
  .object({ accepted: z.boolean().describe('true: the attempt begins') })
  .meta({ id: 'Reconnect' });
