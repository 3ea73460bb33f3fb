import { ApiError } from '../http/errors.js';
import { nameOf } from './address-holder.js';
import type { Outcome } from './providers.service.js';

/** Why a command on the registry was not carried out, as a client is told. */
export function refusal(id: string, outcome: Extract<Outcome, { ok: false }>): ApiError {
  switch (outcome.because) {
    case 'not_found':
      return unknownHost(id);
    case 'exists':
      return new ApiError(
        'exists',
        `There is a host "${id}" already. Choose another id, or change that one.`,
      );
    case 'conflict':
      return new ApiError(
        'conflict',
        `"${id}" is being changed by somebody else at the same time; try again.`,
      );
    case 'too_many_protected':
      return new ApiError(
        'too_many_protected',
        `No more models of "${id}" can be protected; end the protection of one first.`,
      );
    case 'address_taken': {
      const { holder } = outcome;
      const message = `${nameOf(holder)} already has this address; change that host, or remove it first.`;
      return new ApiError('address_taken', message, [
        { path: 'baseUrl', message, providerId: holder.id, label: holder.label },
      ]);
    }
  }
}

export function unknownHost(id: string): ApiError {
  return new ApiError('not_found', `There is no host "${id}".`);
}
