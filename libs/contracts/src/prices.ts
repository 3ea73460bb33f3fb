import { z } from 'zod';
import { SearchTextSchema } from './common.js';

const dollars = z.number().min(0).max(1_000_000);

const price = {
  input: dollars.describe('US dollars for a million tokens of the prompt'),
  cachedInput: dollars
    .optional()
    .describe('For a million of those that were in its cache already; absent: as `input`'),
  output: dollars.describe('US dollars for a million generated tokens'),
};

/** What a provider takes for a model. */
export const PriceSchema = z.strictObject(price).meta({ id: 'Price' });
export type Price = z.infer<typeof PriceSchema>;

export const PricesSchema = z
  .strictObject({
    currency: z.literal('USD').default('USD').describe('US dollars'),
    default: PriceSchema.optional().describe(
      'Of every model that none of `models` fits; absent: what those cost is not known',
    ),
    models: z
      .array(
        z.strictObject({
          match: SearchTextSchema.min(1)
            .max(256)
            .describe('Model ids, `*` standing for any text, upper and lower case alike: `deepseek-*`'),
          ...price,
        }),
      )
      .max(200)
      .optional()
      .describe('Prices of single models; the first that fits counts'),
  })
  .meta({ id: 'Prices' });
export type Prices = z.infer<typeof PricesSchema>;
