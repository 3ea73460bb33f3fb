import { ErrorBodySchema } from '@boocontrol/contracts';
import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { z } from 'zod';
import { STATUS_OF, type ApiErrorCode } from './errors.js';
import { routesOf, type ParamDoc, type RouteDoc } from './route.js';

type Json = Record<string, unknown>;
/** A controller class with `Route`s. */
export type DocumentedController = Type<unknown>;

/** Errors that any route may give, before its handler is asked. */
const ALWAYS: readonly ApiErrorCode[] = ['host_not_allowed', 'unauthorized', 'internal'];
const ALWAYS_MUTATING: readonly ApiErrorCode[] = ['origin_not_allowed'];

/** Turns zod schemas into the document's, named ones once under components. */
class Schemas {
  readonly components: Record<string, Json> = {};

  refer(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
    for (const [name, definition] of Object.entries($defs as Record<string, Json>))
      this.add(name, definition);
    const name = schema.meta()?.id;
    if (name === undefined) return rewrite(json) as Json;
    this.add(name, json);
    return { $ref: `#/components/schemas/${name}` };
  }

  private add(name: string, definition: Json): void {
    const { id: _id, ...rest } = definition;
    this.components[name] ??= rewrite(rest) as Json;
  }
}

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) =>
      key === '$ref' && typeof field === 'string'
        ? [key, field.replace('#/$defs/', '#/components/schemas/')]
        : [key, rewrite(field)],
    ),
  );
}

function parameters(params: readonly ParamDoc[], schemas: Schemas): Json[] {
  return params.flatMap(({ in: place, name, schema }) => {
    if (place === 'body') return [];
    if (place !== 'query') return [parameter(place, name, schema, place === 'path', schemas)];
    if (!(schema instanceof z.ZodObject)) return [];
    return Object.entries(schema.shape as Record<string, z.ZodType>).map(([field, fieldSchema]) =>
      parameter(place, field, fieldSchema, !fieldSchema.safeParse(undefined).success, schemas),
    );
  });
}

function parameter(
  place: string,
  name: string,
  schema: z.ZodType,
  required: boolean,
  schemas: Schemas,
): Json {
  const json = schemas.refer(schema, 'input');
  const description =
    schema.meta()?.description ?? (json['description'] as string | undefined) ?? describeItems(json) ?? name;
  return { in: place, name, required, description, schema: json };
}

/** A list says what its entries are. */
function describeItems({ items }: Json): string | undefined {
  const description = (items as Json | undefined)?.['description'];
  return typeof description === 'string'
    ? `Repeatable. ${description}`
    : items === undefined
      ? undefined
      : 'Repeatable';
}

function responses(doc: RouteDoc, isMutating: boolean, schemas: Schemas): Json {
  const error = { 'application/json': { schema: schemas.refer(ErrorBodySchema, 'output') } };
  const own = [...doc.errors, ...ALWAYS, ...(isMutating ? ALWAYS_MUTATING : [])];
  const codes = [
    ...own.map((code) => [code, STATUS_OF[code]] as const),
    ...(doc.passesOn ?? []).flatMap(({ errors }) => Object.entries(errors)),
  ];
  const byStatus = new Map<number, Set<string>>();
  for (const [code, status] of codes) byStatus.set(status, new Set([...(byStatus.get(status) ?? []), code]));
  return {
    ...(doc.alternative === undefined ? {} : { [doc.alternative.status]: success(doc.alternative, schemas) }),
    [doc.status]: success(doc, schemas),
    ...Object.fromEntries(
      [...byStatus].map(([status, names]) => [
        status,
        { description: `error.code: ${[...names].join(', ')}`, content: error },
      ]),
    ),
  };
}

function success(
  {
    response,
    responseDescription: description,
    alsoAs = [],
  }: Pick<RouteDoc, 'response' | 'responseDescription' | 'alsoAs'>,
  schemas: Schemas,
): Json {
  if (response === undefined && alsoAs.length === 0) return { description };
  const texts = alsoAs.map((type) => [type, { schema: { type: 'string' } }]);
  const json =
    response === undefined ? {} : { 'application/json': { schema: schemas.refer(response, 'output') } };
  return { description, content: { ...json, ...Object.fromEntries(texts) } };
}

function operation(
  { doc, params }: { doc: RouteDoc; params: ParamDoc[] },
  path: string,
  schemas: Schemas,
): Json {
  const body = params.find((param) => param.in === 'body');
  const words = path.split('/').filter((word) => word !== '' && word !== 'api');
  return {
    operationId: [doc.method, ...words].join('_').replace(/[^A-Za-z0-9_]/g, ''),
    tags: [doc.tag],
    summary: doc.summary,
    ...(doc.description === undefined ? {} : { description: doc.description }),
    parameters: parameters(params, schemas),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.refer(body.schema, 'input') } },
          },
        }),
    responses: responses(doc, doc.method !== 'get', schemas),
  };
}

/** The OpenAPI 3.1 document of the controllers, from the very schemas that their handlers parse with. */
export function openApiDocument(controllers: readonly DocumentedController[], version: string): Json {
  const schemas = new Schemas();
  const paths: Record<string, Json> = {
    '/metrics': {
      get: {
        operationId: 'get_metrics',
        tags: ['system'],
        summary: 'Metrics of the whole product, and of the gateway process, for Prometheus',
        parameters: [],
        responses: {
          200: {
            description: 'Prometheus text format',
            content: { 'text/plain': { schema: { type: 'string' } } },
          },
        },
      },
    },
  };
  for (const type of controllers) {
    const prefix = Reflect.getMetadata(PATH_METADATA, type) as string;
    for (const route of routesOf(type)) {
      const tail = route.doc.docPath ?? route.doc.path;
      const path = `/${prefix}${tail === '' ? '' : `/${tail}`}`.replace(/:(\w+)/g, '{$1}');
      paths[path] = { ...paths[path], [route.doc.method]: operation(route, path, schemas) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'BooControl',
      version,
      description:
        'REST of the BooControl gateway. Live changes come over socket.io, namespace /control. Errors are `{error: {code, message, details?}}`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ adminToken: [] }, { session: [] }, {}],
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        adminToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The value of BOOCONTROL_ADMIN_TOKEN, where one is set',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'boocontrol_session',
          description: 'Set by POST /api/session',
        },
      },
    },
  };
}
