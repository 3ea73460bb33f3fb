import { createHash } from 'node:crypto';
import type { EvalSuite } from '@boocontrol/contracts';
import { canonical } from '@boocontrol/measure';

/** The version of a suite: of all but what it is called and described as. SHA-256 in hexadecimal digits. */
export function evalSuiteHash({ title: _title, description: _description, ...asked }: EvalSuite): string {
  return createHash('sha256').update(canonical(asked)).digest('hex');
}
