import {
  ActionFactSchema,
  BUCKETS,
  calls,
  CancelRouteSchema,
  CapturedPromptSchema,
  CaptureSchema,
  ControlFrameSchemas,
  DeadLetterSchema,
  DirectPromptSchema,
  FACT_KINDS,
  FactSchemas,
  GatewayRoutingSchema,
  HealthReportSchema,
  JobFactSchema,
  LeaseFactSchema,
  LogLineSchema,
  ProviderSchema,
  QueuedActionSchema,
  QueuedJobSchema,
  PrefixDriftSchema,
  RouteFactSchema,
  STREAMS,
  subjects,
} from '@boocontrol/contracts';
import { z } from 'zod';

/** Everything that other programs can read from the bus or ask over it; docs/events.md and docs/asyncapi.json come from here. */
interface Channel {
  name: string;
  subject: string;
  summary: string;
  payload: z.ZodType;
  reply?: z.ZodType;
  /** Codes of a call beside the platform's own. */
  errors?: string[];
}

const CHANNELS: Channel[] = [
  ...FACT_KINDS.map((kind) => ({
    name: `fleet.${kind}`,
    subject: subjects.fact('{providerId}', kind),
    summary: FactSchemas[kind].description ?? '',
    payload: FactSchemas[kind],
  })),
  {
    name: 'logs',
    subject: subjects.allLogs.replace('>', '{providerId}.{source}'),
    summary: 'One line of a host’s log.',
    payload: LogLineSchema,
  },
  {
    name: 'captures',
    subject: subjects.capture('{providerId}'),
    summary: 'Request and answer bodies on their way to the table. A work queue: fleet-state takes them.',
    payload: CaptureSchema,
  },
  {
    name: 'jobs',
    subject: subjects.allJobs.replace('>', '{kind}.{run}.{event}'),
    summary: JobFactSchema.description ?? '',
    payload: JobFactSchema,
  },
  {
    name: 'jobq',
    subject: subjects.queuedJob('{kind}', '{providerId}'),
    summary: QueuedJobSchema.description ?? '',
    payload: QueuedJobSchema,
  },
  {
    name: 'jobs.cancel',
    subject: subjects.cancelJob('{kind}', '{run}'),
    summary: 'To whoever works on the job, without a body: it is to be cancelled. Its row says so, too.',
    payload: z.null(),
  },
  {
    name: 'actions',
    subject: subjects.allActions.replace('>', '{providerId}.{event}'),
    summary: ActionFactSchema.description ?? '',
    payload: ActionFactSchema,
  },
  {
    name: 'queue',
    subject: subjects.queuedAction('{providerId}'),
    summary: QueuedActionSchema.description ?? '',
    payload: QueuedActionSchema,
  },
  {
    name: 'leases',
    subject: subjects.allLeases.replace('>', '{providerId}.{event}'),
    summary: LeaseFactSchema.description ?? '',
    payload: LeaseFactSchema,
  },
  {
    name: 'routes',
    subject: subjects.route('{policy}'),
    summary: RouteFactSchema.description ?? '',
    payload: RouteFactSchema,
  },
  {
    name: 'routes.drift',
    subject: subjects.drift,
    summary: PrefixDriftSchema.description ?? '',
    payload: PrefixDriftSchema,
  },
  {
    name: 'routes.direct_prompt',
    subject: subjects.directPrompt,
    summary: DirectPromptSchema.description ?? '',
    payload: DirectPromptSchema,
  },
  {
    name: 'prompts',
    subject: subjects.prompt('{providerId}'),
    summary: CapturedPromptSchema.description ?? '',
    payload: CapturedPromptSchema,
  },
  {
    name: 'routing.look',
    subject: subjects.routingLook,
    summary: 'Somebody looks at what goes through /v1: every gateway tells it, once a second at most.',
    payload: z.null(),
  },
  {
    name: 'routing.state',
    subject: subjects.routingState,
    summary: GatewayRoutingSchema.description ?? '',
    payload: GatewayRoutingSchema,
  },
  {
    name: 'dead',
    subject: subjects.dead('{origin}', '{code}'),
    summary: 'A message that was given up, with the reason.',
    payload: DeadLetterSchema,
  },
  {
    name: 'rpc.health',
    subject: subjects.health,
    summary: 'Request with an empty body; every service process answers.',
    payload: z.null(),
    reply: HealthReportSchema,
  },
  {
    name: 'rpc.routing.state',
    subject: subjects.routingAsk,
    summary: 'Request with an empty body; every gateway answers.',
    payload: z.null(),
    reply: GatewayRoutingSchema,
  },
  {
    name: 'rpc.routing.cancel',
    subject: subjects.routingCancel,
    summary: CancelRouteSchema.description ?? '',
    payload: CancelRouteSchema,
    reply: z.literal(true),
  },
  ...Object.entries(calls).map(([name, { subject, summary, request, reply, errors }]) => ({
    name: `rpc.${name}`,
    subject,
    summary,
    payload: request as z.ZodType,
    reply: reply as z.ZodType,
    errors: Object.keys(errors),
  })),
];

type Json = Record<string, unknown>;

/** Named schemas met so far; every `$ref` points here. */
const named: Record<string, Json> = {};

/** JSON Schema whose named parts are collected into `named`. */
function schemaOf(schema: z.ZodType): Json {
  const converted = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const moved = JSON.parse(
    JSON.stringify(converted).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Json;
  const { $schema: _draft, $defs = {}, ...json } = moved;
  for (const [name, definition] of Object.entries($defs as Record<string, Json>)) {
    const { id: _id, ...rest } = definition;
    named[name] = rest;
  }
  if (typeof json['id'] !== 'string') return json;
  const { id, ...rest } = json;
  named[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}

function resolve(json: Json): Json {
  const name = typeof json['$ref'] === 'string' ? json['$ref'].split('/').at(-1) : undefined;
  return name
    ? { ...named[name], ...(json['description'] ? { description: json['description'] } : {}) }
    : json;
}

/** AsyncAPI 3.0 of the bus. */
export function asyncApi(): Json {
  const id = (name: string): string => name.replaceAll('.', '_').replaceAll('-', '_');
  const channels: Json = {};
  const operations: Json = {};
  const messages: Json = {};
  for (const { name, subject, summary, payload, reply } of CHANNELS) {
    const key = id(name);
    const parameters = Object.fromEntries(
      [...subject.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => [parameter, {}]),
    );
    messages[key] = { name, summary, contentType: 'application/json', payload: schemaOf(payload) };
    channels[key] = {
      address: subject,
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
      messages: {
        [key]: { $ref: `#/components/messages/${key}` },
        ...(reply ? { [`${key}_reply`]: { $ref: `#/components/messages/${key}_reply` } } : {}),
      },
    };
    if (reply)
      messages[`${key}_reply`] = {
        name: `${name} reply`,
        contentType: 'application/json',
        payload: schemaOf(reply),
      };
    operations[key] = {
      action: reply ? 'receive' : 'send',
      channel: { $ref: `#/channels/${key}` },
      summary,
      messages: [{ $ref: `#/channels/${key}/messages/${key}` }],
      ...(reply
        ? {
            reply: {
              messages: [{ $ref: `#/channels/${key}/messages/${key}_reply` }],
              channel: { $ref: `#/channels/${key}` },
            },
          }
        : {}),
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'BooControl bus',
      version: '1.0.0',
      description: 'Subjects on NATS. Changes are additive; a change that is not gets a subject of its own.',
    },
    servers: { nats: { host: '127.0.0.1:4222', protocol: 'nats' } },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas: named },
  };
}

function typeOf(json: Json): string {
  if (typeof json['$ref'] === 'string') return json['$ref'].split('/').at(-1) ?? 'object';
  if (json['const'] !== undefined) return JSON.stringify(json['const']);
  if (Array.isArray(json['enum'])) return json['enum'].map((value) => JSON.stringify(value)).join(' \\| ');
  const variants = (json['anyOf'] ?? json['oneOf']) as Json[] | undefined;
  if (variants) return variants.map(typeOf).join(' \\| ');
  if (Array.isArray(json['allOf'])) return (json['allOf'] as Json[]).map(typeOf).join(' & ');
  if (json['type'] === 'array') return `array of ${typeOf((json['items'] ?? {}) as Json)}`;
  return typeof json['type'] === 'string' ? json['type'] : 'any';
}

function fields(json: Json): string[] {
  const whole = resolve(json);
  const required = new Set((whole['required'] ?? []) as string[]);
  return Object.entries((whole['properties'] ?? {}) as Record<string, Json>).map(([name, field]) => {
    const text = String(resolve(field)['description'] ?? '').replaceAll('|', '\\|');
    return `| \`${name}\`${required.has(name) ? '' : ' (optional)'} | ${typeOf(field)} | ${text} |`;
  });
}

const HEAD = ['| field | type | meaning |', '| --- | --- | --- |'];

function table(schema: z.ZodType): string {
  const whole = resolve(schemaOf(schema));
  const variants = ((whole['oneOf'] ?? whole['anyOf']) as Json[] | undefined)?.filter(
    (variant) => resolve(variant)['properties'],
  );
  const tables = (variants ?? [whole]).map(fields).filter((rows) => rows.length > 0);
  if (tables.length === 0) return `\`${typeOf(whole)}\`\n`;
  return `${tables.map((rows) => [...HEAD, ...rows].join('\n')).join('\n\n')}\n`;
}

const size = (bytes: number | undefined): string =>
  bytes ? `${Math.round(bytes / 1024 / 1024)} MB` : 'no limit';
function age(ms: number | undefined): string {
  if (!ms) return 'no limit';
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/** docs/events.md: every subject and socket frame with its fields. */
export function eventsPage(): string {
  const lines = [
    '# Events',
    '',
    'Everything on the bus is public: other programs may read it. This page and `asyncapi.json` are generated from',
    '`libs/contracts` by `npm run docs`; a test fails when they are stale. Bodies are JSON. Every instant is UTC with exactly',
    'six decimals, so the order of instants is the order of their text.',
    '',
    '## Streams',
    '',
    '| stream | subjects | storage | kept | size | what |',
    '| --- | --- | --- | --- | --- | --- |',
    ...STREAMS.map((stream) => {
      const most = stream.maxMsgsPerSubject ? `${stream.maxMsgsPerSubject} a subject` : null;
      const time = stream.maxAgeMs ? age(stream.maxAgeMs) : null;
      const kept =
        [time, most].filter((limit) => limit !== null).join(', ') ||
        (stream.retention === 'workqueue' ? 'until taken' : age(stream.maxAgeMs));
      return `| \`${stream.name}\` | \`${stream.subjects.join('`, `')}\` | ${stream.storage} | ${kept} | ${size(stream.maxBytes)} | ${stream.description} |`;
    }),
    '',
    '## Key-value buckets',
    '',
    '| bucket | keys vanish after | what |',
    '| --- | --- | --- |',
    ...BUCKETS.map(
      (bucket) =>
        `| \`${bucket.name}\` | ${bucket.ttlMs > 0 ? `${bucket.ttlMs / 1000} s` : 'never'} | ${bucket.description} |`,
    ),
    '',
    'A value of `providers`:',
    '',
    table(ProviderSchema),
    '## Subjects',
    '',
    'Questions and commands (`boo.rpc.…` with a reply) travel in the packets of Nest’s NATS transport: `{id, pattern, data}`',
    'is answered by `{id, response | err, isDisposed}`; a plain body without a packet is taken too. `err` is a `Problem`; its',
    'code is one of the call’s refusals, or `bad_request`, `unavailable` or `internal`, which any call may answer.',
    '',
    ...CHANNELS.flatMap(({ subject, summary, payload, reply, errors = [] }) => [
      `### \`${subject}\``,
      '',
      summary,
      '',
      table(payload),
      ...(reply ? ['Reply:', '', table(reply)] : []),
      ...(errors.length > 0 ? [`Refusals: ${errors.map((code) => `\`${code}\``).join(', ')}.`, ''] : []),
    ]),
    '## Socket frames',
    '',
    'socket.io namespace `/control`. The client sends `join {rooms}`; the server answers with a snapshot, then deltas.',
    'Frames of facts carry the stream sequence of each fact: apply only what is newer than the snapshot’s, slice by slice.',
    '',
    ...Object.entries(ControlFrameSchemas).flatMap(([name, schema]) => [
      `### \`${name}\``,
      '',
      table(schema),
    ]),
  ];
  const types = Object.entries(named)
    .filter(([, json]) => json['properties'])
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([name, json]) => [
      `### ${name}`,
      '',
      ...(json['description'] ? [String(json['description']), ''] : []),
      ...HEAD,
      ...fields(json),
      '',
    ]);
  lines.push('## Types', '', 'What the tables above name.', '', ...types);
  return `${lines.join('\n').trimEnd()}\n`;
}
