import { EvalSuiteSchema, type EvalSuite } from '@boocontrol/contracts';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { problemsOfSuite } from './check-suite.js';

const MAX_TOLD = 10;

/** A file that is no suite; its message says why. */
export class NoSuite extends Error {
  override readonly name = 'NoSuite';
}

/**
 * A suite from YAML, checked as one that is saved. One that does not say its name has that of its file.
 * @throws {NoSuite} with what is wrong, at which item, and at which line where YAML itself is broken
 */
export function parseSuite(text: string, name: string): EvalSuite {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new NoSuite(`is not valid YAML: ${broken.message.split('\n')[0]}`);
  const content: unknown = document.toJS();
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new NoSuite('is not a suite: it has no fields');
  const parsed = EvalSuiteSchema.safeParse({ name, ...content });
  if (!parsed.success) {
    const told = parsed.error.issues.flatMap((issue) => issueWords(issue, content));
    throw new NoSuite(told.slice(0, MAX_TOLD).join('; '));
  }
  if (parsed.data.name !== name)
    throw new NoSuite(`name: is “${parsed.data.name}”, and the file is called “${name}”; make them the same`);
  const [problem] = problemsOfSuite(parsed.data);
  if (problem !== undefined) throw new NoSuite(problem);
  return parsed.data;
}

/** Each with the name of the item that it is about. */
function issueWords(issue: z.core.$ZodIssue, content: object): string[] {
  const at = issue.path.map(String).join('.');
  const id = idAt(content, issue.path);
  const where = id === null || at.endsWith('.id') ? at : `${at} (${id})`;
  if (issue.code !== 'unrecognized_keys')
    return [where === '' ? issue.message : `${where}: ${issue.message}`];
  return issue.keys.map((key) => `${where === '' ? key : `${where}.${key}`}: unknown field`);
}

function idAt(content: object, [list, index]: readonly PropertyKey[]): string | null {
  const items: unknown = list === 'items' && 'items' in content ? content.items : null;
  const item: unknown = Array.isArray(items) ? items[Number(index)] : null;
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'
    ? item.id.slice(0, 120)
    : null;
}
