import { isObject, type Json } from '@boocontrol/llama-swap';
import { readList, wordsOf, type ReadList } from './read-list.js';

/**
 * The list of another BooControl: its models by their own names, whichever of its providers has them, and its policies, so that
 * `site/auto:code` lets it decide. Its `<provider>/<model>` names are left out, or every model would be there twice; requests
 * may use them all the same. null: there is no list in it.
 */
export function readGatewayModels(body: unknown): ReadList | null {
  return readList(body, { isWanted: isOwnName, read: ofGateway });
}

/** Not the longer name of a model that is in the list by its own. */
function isOwnName({ id, providers, policy }: Json, ids: ReadonlySet<string>): boolean {
  const [provider, ...others] = wordsOf(providers);
  if (typeof id !== 'string' || isObject(policy) || provider === undefined || others.length > 0) return true;
  return !id.startsWith(`${provider}/`) || !ids.has(id.slice(provider.length + 1));
}

function ofGateway({ policy, loaded, available }: Json): ReturnType<Parameters<typeof readList>[1]['read']> {
  const description = isObject(policy) ? policy['description'] : null;
  return {
    state: loaded === true ? 'ready' : 'stopped',
    ...(typeof description === 'string' ? { description: description.slice(0, 200) } : {}),
    ...(available === false ? { available: false } : {}),
  };
}
