import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FleetFileSchema } from '@boocontrol/contracts';
import { parseDocument } from 'yaml';
import { prettifyError } from 'zod';

/** The fleet file that is in force: `given`, else boocontrol.yaml or .yml in `root`; null when there is none. */
export function findFleetFile(root: string, given: string | null): string | null {
  if (given !== null) return given;
  return (
    ['boocontrol.yaml', 'boocontrol.yml'].map((name) => join(root, name)).find((path) => existsSync(path)) ??
    null
  );
}

/** Number of declared hosts. Throws an Error that names the file, the place and what to write instead. */
export function checkFleetFile(path: string): number {
  if (!existsSync(path))
    throw new Error(`${path} does not exist. Copy boocontrol.example.yaml to begin with.`);
  const document = parseDocument(readFileSync(path, 'utf8'));
  const [broken] = document.errors;
  if (broken) throw new Error(`${path} is not valid YAML: ${broken.message}`);
  const parsed = FleetFileSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw new Error(`${path} is not a valid fleet file:\n${prettifyError(parsed.error)}`);
  return parsed.data.providers.length;
}
