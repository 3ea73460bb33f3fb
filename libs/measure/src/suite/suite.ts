import { createHash } from 'node:crypto';
import type { Suite } from '@boocontrol/contracts';

/** Of a suite's content, whatever its name and targets: two suites with the same hash measure the same. */
export function suiteHash({
  name: _name,
  description: _description,
  targets: _targets,
  ...content
}: Suite): string {
  return createHash('sha256').update(canonical(content)).digest('hex').slice(0, 16);
}

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
