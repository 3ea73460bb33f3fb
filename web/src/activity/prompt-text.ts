import type { ActivityRow } from '@boocontrol/contracts';
import { toldPrompt } from '@boocontrol/fleet-model';
import { count } from '../format/number';

type Counted = Parameters<typeof toldPrompt>[0] & Pick<ActivityRow, 'cacheTokens'>;

/** How much of the prompt came from the cache; null where the host does not tell. */
export function cacheText(row: Counted): string | null {
  const { promptTokens, promptCounts } = toldPrompt(row);
  if (row.cacheTokens === null || promptTokens === null) return null;
  const rate = promptTokens === 0 ? 0 : row.cacheTokens / promptTokens;
  const text = `${count(row.cacheTokens)} from cache (${Math.round(rate * 100)}%)`;
  return promptCounts === 'known' ? text : `${text}, uncertain: this host does not say what it counts`;
}
