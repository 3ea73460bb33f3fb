import { databaseConfig, loadConfig } from '@boocontrol/platform';
import { z } from 'zod';

const optionalText = z.string().trim().min(1).optional();
const collectorUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL with http: or https:' })
  .optional()
  .meta({ examples: ['http://127.0.0.1:4318'] });

const gatewayConfig = databaseConfig.extend({
  BOOCONTROL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(9503)
    .meta({ examples: ['9503'] })
    .describe('The one port of BooControl: web app, REST, socket; 0 takes a free one'),
  BOOCONTROL_HOST: z
    .string()
    .trim()
    .min(1)
    .default('127.0.0.1')
    .meta({ examples: ['127.0.0.1'] })
    .describe(
      'Address it listens on; anything but loopback needs BOOCONTROL_ADMIN_TOKEN, and /v1 then asks for keys',
    ),
  BOOCONTROL_ADMIN_TOKEN: z
    .string()
    .min(16, { error: 'must have at least 16 characters' })
    .max(512)
    .optional()
    .meta({ examples: ['$(openssl rand -hex 24)'] })
    .describe('Needed for /api, the socket and the web app once set'),
  BOOCONTROL_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    )
    .meta({ examples: ['boo.lan,tower.tailnet.ts.net'] })
    .describe('More names under which a browser may reach it (reverse proxies), separated by commas'),
  BOOCONTROL_CONFIG: optionalText
    .meta({ examples: ['boocontrol.yaml'] })
    .describe('The fleet file; it must exist when it is named'),
  BOOCONTROL_SEED: optionalText.describe(
    'JSON array of providers with origin "demo" or "flag"; set by npm start',
  ),
  BOOCONTROL_ALLOW_LINK_LOCAL: z
    .enum(['0', '1'])
    .default('0')
    .transform((text) => text === '1')
    .meta({ examples: ['0'] })
    .describe('1: hosts may have link-local and cloud metadata addresses'),
  DISPATCH_RETENTION_DAYS: z.coerce
    .number()
    .int()
    // Longer than the log keeps them: a record that comes again must find its row.
    .min(8)
    .max(3_650)
    .default(90)
    .meta({ examples: ['90'] })
    .describe('Days that records of requests to /v1 are kept'),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl.describe(
    'Collector for spans of requests to /v1, by OTLP/HTTP; /v1/traces is added',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl.describe('The same, used as it stands'),
  OTEL_EXPORTER_OTLP_HEADERS: optionalText
    .meta({ examples: ['api-key=secret'] })
    .describe('Headers for the collector: pairs separated by commas, percent-encoded'),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: optionalText
    .meta({ examples: ['api-key=secret'] })
    .describe('In place of OTEL_EXPORTER_OTLP_HEADERS'),
  OTEL_SERVICE_NAME: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .default('boocontrol')
    .meta({ examples: ['boocontrol'] })
    .describe('As collectors know us'),
  BOOCONTROL_WEB_DIR: optionalText
    .meta({ examples: ['web/out'] })
    .describe('The static export of the web app; default web/out of this checkout'),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;

/** Thrown when the gateway would be open to a network without a key. */
export class ExposedError extends Error {
  readonly code = 'exposed_without_token';
  constructor(host: string) {
    super(
      `BOOCONTROL_HOST is ${host}, which other machines can reach, and no admin token is set. ` +
        `Set BOOCONTROL_ADMIN_TOKEN to a secret of at least 16 characters (for example the output of ` +
        `"openssl rand -hex 24"), or set BOOCONTROL_HOST=127.0.0.1.`,
    );
    this.name = 'ExposedError';
  }
}

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(?:\.\d{1,3}){3}$/.test(bare);
}

/** HOST and PORT follow BOOCONTROL_HOST and BOOCONTROL_PORT. Thrown: ConfigError for a bad variable, ExposedError. */
export function loadGatewayConfig(env?: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const config = loadConfig(gatewayConfig, env);
  const { BOOCONTROL_HOST: host, BOOCONTROL_PORT: port, BOOCONTROL_ADMIN_TOKEN: token } = config;
  if (!isLoopback(host) && token === undefined) throw new ExposedError(host);
  // Its one port is the front door: the platform's health and metrics are behind it too.
  return { ...config, HOST: host, PORT: port };
}
