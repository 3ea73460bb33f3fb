import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Thrown when the environment does not fit its schema; the message names every bad variable, never a value. */
export class ConfigError extends Error {
  readonly code = 'bad_config';
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const urlOf = (protocols: string[], example: string): z.ZodType<string, string> =>
  z
    .string()
    .refine(
      (value) =>
        value.split(',').every((url) => URL.canParse(url) && protocols.includes(new URL(url).protocol)),
      { error: `must be a URL with ${protocols.join(' or ')}` },
    )
    .meta({ examples: [example] });

const flag = z.stringbool().meta({ examples: ['true'] });

/** What every service reads. Extend with `baseConfig.extend({…})`; give each variable `.meta({ examples: […] })`. */
export const baseConfig = z.object({
  NATS_URL: urlOf(['nats:', 'tls:'], 'nats://user:password@127.0.0.1:4222').describe(
    'The bus; several servers separated by commas',
  ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ examples: ['info'] }),
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ examples: ['127.0.0.1'] })
    .describe('Address the HTTP port is bound to'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .meta({ examples: ['9510'] })
    .describe('HTTP port of /health and /metrics; 0 takes a free one'),
  SERVICE_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -' })
    .default(() => randomBytes(4).toString('hex'))
    .meta({ examples: ['ingest-1'] })
    .describe('Tells replicas apart; random when absent'),
  SHUTDOWN_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(10_000)
    .meta({ examples: ['60000'] })
    .describe('How long what is under way may take to end when the service is told to stop, in milliseconds'),
  BOOCONTROL_EXIT_WITH_PARENT: flag
    .default(false)
    .describe('Shut down when stdin closes, so that nothing outlives the process that started it'),
});
export type BaseConfig = z.infer<typeof baseConfig>;

/** What a service reads that owns tables. */
export const databaseConfig = baseConfig.extend({
  DATABASE_URL: urlOf(
    ['postgres:', 'postgresql:'],
    'postgres://user:password@127.0.0.1:5432/boocontrol',
  ).describe('PostgreSQL with TimescaleDB'),
});
export type DatabaseConfig = z.infer<typeof databaseConfig>;

function exampleOf(shape: Record<string, z.ZodType>, name: string): string {
  // Wrappers (default, optional) keep their own metadata; the example sits on the outermost or the innermost.
  let schema: unknown = shape[name];
  while (schema instanceof z.ZodType) {
    const example = schema.meta()?.['examples'];
    if (Array.isArray(example) && typeof example[0] === 'string')
      return `, for example ${name}=${example[0]}`;
    schema = (schema.def as { innerType?: unknown }).innerType;
  }
  return '';
}

/**
 * Reads the environment by a schema. An empty variable counts as absent.
 * Thrown: ConfigError, naming each bad variable, its problem and an example; values are never shown.
 */
export function loadConfig<S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<S> {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const shape = schema.shape as Record<string, z.ZodType>;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '(environment)');
    const what = name in present ? issue.message : 'is missing';
    return `${name}: ${what}${exampleOf(shape, name)}`;
  });
  throw new ConfigError([...new Set(problems)]);
}
