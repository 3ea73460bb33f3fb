import { createContext, Script } from 'node:vm';

const context = createContext({ work: undefined }, { codeGeneration: { strings: false, wasm: false } });
const call = new Script('work()');

/** What was handed to a library kept it busy for too long. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/**
 * Does synchronous work on something that a stranger wrote (a schema, a patch, a source), and ends it when it takes longer.
 * @throws {TookTooLong} when `ms` were not enough
 * @throws whatever `work` throws, and RangeError when it nests too deeply
 */
export function within<T>(ms: number, work: () => T): T {
  let done: { value: T } | { error: unknown } | undefined;
  context['work'] = () => {
    try {
      done = { value: work() };
    } catch (error) {
      done = { error };
    }
  };
  try {
    call.runInContext(context, { timeout: ms });
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new TookTooLong(`took longer than ${ms} ms`);
    throw error;
  } finally {
    context['work'] = undefined;
  }
  if (done === undefined) throw new TookTooLong('did not come to an end');
  if ('error' in done) throw done.error;
  return done.value;
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
