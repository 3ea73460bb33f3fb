import { LeaseError } from '@boocontrol/client';
import { isTransientDbError } from '../db/transient.js';
import { RpcError } from '../rpc/rpc-error.js';

/**
 * To others a bus or database that is away is `unavailable`, not an error of ours.
 * @param what the database keeps, in words: "actions"
 */
export async function answering<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (isTransientDbError(cause))
      throw new RpcError(
        'unavailable',
        `The database of ${what} does not answer at the moment; try again in a moment.`,
        undefined,
        { cause },
      );
    if (cause instanceof LeaseError)
      throw new RpcError('unavailable', `${cause.message}. Try again in a moment.`, undefined, { cause });
    throw cause;
  }
}
