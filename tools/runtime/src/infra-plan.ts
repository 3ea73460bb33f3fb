import { OTHER_WAYS, RuntimeError } from './errors.js';

/** Where bus and database come from. */
export interface InfraPlan {
  natsUrl: string | undefined;
  databaseUrl: string | undefined;
  /** For what has no URL: start it from Debian packages or with docker compose; undefined when both URLs are there. */
  start: 'embedded' | 'docker' | undefined;
}

export interface InfraFacts {
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the embedded runtime can work here: a known processor, and apt or a runtime that is unpacked already. */
  canEmbed: boolean;
}

/** The order of docs: URLs first, then BOOCONTROL_RUNTIME, then embedded where it can work. Throws RuntimeError. */
export function planInfra({ env, canEmbed }: InfraFacts): InfraPlan {
  const natsUrl = urlSetting(env, 'NATS_URL', ['nats:', 'tls:']);
  const databaseUrl = urlSetting(env, 'DATABASE_URL', ['postgres:', 'postgresql:']);
  const asked = env['BOOCONTROL_RUNTIME'] ?? '';
  if (asked !== '' && asked !== 'docker' && asked !== 'embedded') {
    throw new RuntimeError(
      'bad_setting',
      `BOOCONTROL_RUNTIME is '${asked}'.`,
      "Set it to 'embedded' or 'docker', or leave it out.",
    );
  }
  if (natsUrl !== undefined && databaseUrl !== undefined) return { natsUrl, databaseUrl, start: undefined };
  if (asked === 'docker') return { natsUrl, databaseUrl, start: 'docker' };
  if (asked === 'embedded' || canEmbed) return { natsUrl, databaseUrl, start: 'embedded' };
  throw new RuntimeError(
    'no_runtime',
    'There is no NATS and no PostgreSQL to use: the embedded runtime needs Debian or Ubuntu (apt-get) on amd64 or arm64.',
    OTHER_WAYS,
  );
}

function urlSetting(env: InfraFacts['env'], name: string, schemes: readonly string[]): string | undefined {
  const value = env[name]?.trim() ?? '';
  if (value === '') return undefined;
  // NATS takes a list of servers; each has to be a URL.
  const parts = name === 'NATS_URL' ? value.split(',') : [value];
  for (const part of parts) {
    if (URL.canParse(part.trim()) && schemes.includes(new URL(part.trim()).protocol)) continue;
    // The value may hold a password: it is not repeated.
    throw new RuntimeError(
      'bad_setting',
      `${name} is not a URL that starts with ${schemes.join('// or ')}//.`,
      `Example: ${name}=${schemes[0]}//user:password@host:port. Leave it out to use the embedded runtime.`,
    );
  }
  return value;
}
