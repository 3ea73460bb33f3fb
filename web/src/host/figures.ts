import type { ModelFigures } from '@boocontrol/contracts';

export type Figures = ModelFigures['models'][number];

/**
 * The share of prompt tokens that came from the cache.
 * @returns 0 to 1; null when there were no prompts, or the service is too old to tell whole ones
 */
export const hitRate = ({
  promptTokens,
  cacheTokens,
}: Pick<Figures, 'promptTokens' | 'cacheTokens'>): number | null =>
  promptTokens ? Math.min(1, cacheTokens / promptTokens) : null;

/** Favourites first, and of each side the most used first. */
export const favoritesFirst = (rows: readonly Figures[], isFavorite: (row: Figures) => boolean): Figures[] =>
  rows.toSorted((a, b) => Number(isFavorite(b)) - Number(isFavorite(a)) || byUse(a, b));

const byUse = (a: Figures, b: Figures): number =>
  b.requests - a.requests || b.loads - a.loads || a.model.localeCompare(b.model, 'en', { numeric: true });
