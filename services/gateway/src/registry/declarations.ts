import { existsSync, readFileSync } from 'node:fs';
import { FleetFileSchema, ProviderInputSchema } from '@boocontrol/contracts';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { linkLocalProblem } from './host-address.js';
import { seedHash, type Declaration } from './seed-decision.js';

/** Thrown when what declares the fleet cannot be used; the message names the place of each problem. */
export class FleetFileError extends Error {
  readonly code = 'bad_fleet_file';
  constructor(source: string, problems: readonly string[]) {
    super(`${source} is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'FleetFileError';
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text === undefined ? '' : `, found ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** The providers of a fleet file. Thrown: FleetFileError, naming line, path and value. */
export function parseFleetFile(text: string, source: string): Declaration[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      (error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`,
    );
    throw new FleetFileError(source, problems);
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
      if (Array.isArray(range)) return lines.linePos(Number(range[0])).line;
    }
    return 1;
  };
  const parsed = FleetFileSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data.providers.map((input) => declare('file', input));
  const problems = parsed.error.issues.flatMap((issue) => {
    const places =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return places.map((path) => {
      const message = issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message;
      const name = pathText(path);
      return `line ${lineOf(path)}${name === '' ? '' : `, ${name}`}: ${message}${shown(document.getIn(path))}`;
    });
  });
  throw new FleetFileError(source, problems);
}

const SeedSchema = z.array(ProviderInputSchema.extend({ origin: z.enum(['demo', 'flag']) }));

/** The providers of BOOCONTROL_SEED. Thrown: FleetFileError. */
export function parseSeed(text: string): Declaration[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FleetFileError('BOOCONTROL_SEED', ['it is not JSON']);
  }
  const parsed = SeedSchema.safeParse(json);
  if (parsed.success) return parsed.data.map(({ origin, ...input }) => declare(origin, input));
  const problems = parsed.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
  throw new FleetFileError('BOOCONTROL_SEED', problems);
}

function declare(origin: Declaration['origin'], input: Declaration['input']): Declaration {
  return { origin, input, hash: seedHash(origin, input) };
}

/** @throws {FleetFileError} naming each host whose address is refused */
function checkAddresses(declarations: readonly Declaration[], source: string): void {
  const problems = declarations.flatMap(({ input: { id, baseUrl } }) => {
    const problem = linkLocalProblem(baseUrl);
    return problem === null ? [] : [`${id}: ${problem}`];
  });
  if (problems.length > 0) throw new FleetFileError(source, problems);
}

/**
 * What declares the fleet: the file, then the seed. An id that both have is the file's.
 * @param allowLinkLocal whether hosts may have link-local and cloud metadata addresses
 * @throws {FleetFileError} also for a file that is not there
 */
export function readDeclarations(
  file: string | undefined,
  seed: string | undefined,
  allowLinkLocal: boolean,
): Declaration[] {
  if (file !== undefined && !existsSync(file)) {
    throw new FleetFileError(file, ['there is no such file; BOOCONTROL_CONFIG names it']);
  }
  const fromFile = file === undefined ? [] : parseFleetFile(readFileSync(file, 'utf8'), file);
  const ids = new Set(fromFile.map(({ input }) => input.id));
  const fromSeed = seed === undefined ? [] : parseSeed(seed);
  if (!allowLinkLocal) {
    checkAddresses(fromFile, file ?? '');
    checkAddresses(fromSeed, 'BOOCONTROL_SEED');
  }
  return [...fromFile, ...fromSeed.filter(({ input }) => !ids.has(input.id))];
}
