import type { EvalSuite, EvalSuiteHead } from '@boocontrol/contracts';
import { canonical } from '@boocontrol/measure';
import type { EntityManager } from 'typeorm';
import { inheritRetired } from './retired.repository.js';
import { evalSuiteHash } from './suite-hash.js';
import {
  addVersion,
  clearVersions,
  newestSuite,
  rewriteVersion,
  suiteOfHash,
  type WholeVersion,
} from './suites.repository.js';

/**
 * A new version when something else is asked, or it comes from somewhere else. Items that are the same as before stay
 * retired; a version that was there before has what was retired of it then. To be called with the name locked.
 */
export async function putSuite(
  manager: EntityManager,
  origin: EvalSuiteHead['origin'],
  suite: EvalSuite,
): Promise<void> {
  const { name, title, description } = suite;
  const newest = await newestSuite(manager, name);
  const hash = evalSuiteHash(suite);
  const isThere = newest !== null && !newest.isRemoved;
  if (isThere && newest.head.hash === hash && newest.head.origin === origin)
    return rewriteVersion(manager, newest.version, { ...newest.suite, title, description });
  const isKnown = (await suiteOfHash(manager, name, hash)) !== null;
  await addVersion(manager, (newest?.version ?? 0) + 1, { hash, origin, suite });
  if (isThere && !isKnown)
    await inheritRetired(manager, name, { from: newest.head.hash, to: hash, items: stayed(newest, suite) });
  await clearVersions(manager, name);
}

/** Retired items that the new version has unchanged. */
function stayed({ head, suite }: WholeVersion, { items }: EvalSuite): string[] {
  const now = new Map(items.map((item) => [item.id, item]));
  const retired = new Set(head.retired);
  return suite.items
    .filter((item) => retired.has(item.id) && canonical(item) === canonical(now.get(item.id) ?? null))
    .map(({ id }) => id);
}
