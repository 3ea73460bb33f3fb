import { DIRECT, type ApiKey } from '@boocontrol/contracts';
import { fits } from '@boocontrol/fleet-model';
import type { Grant } from '../inference/parts.js';

export type Allowed = Pick<ApiKey, 'id' | 'label' | 'models' | 'policies' | 'frontier'>;

/** What a key lets its holder use. @param isFrontier whether a provider needs the permission for frontier providers */
export function grantOf(key: Allowed, isFrontier: (providerId: string) => boolean): Grant {
  const { models, policies, frontier } = key;
  return {
    keyId: key.id,
    label: key.label,
    allows(providerId, model, policy) {
      if (!frontier && isFrontier(providerId)) return false;
      if (policies.length > 0 && !policies.includes(policy ?? DIRECT)) return false;
      return (
        models.length === 0 ||
        models.some((glob) => fits(glob, model) || fits(glob, `${providerId}/${model}`))
      );
    },
  };
}
