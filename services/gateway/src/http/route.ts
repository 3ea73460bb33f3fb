import 'reflect-metadata';
import type { IncomingHttpHeaders } from 'node:http';
import { SourceSchema, type Refusals } from '@boocontrol/contracts';
import { sourceOf } from '@boocontrol/llama-swap';
import {
  applyDecorators,
  Body,
  createParamDecorator,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  type ExecutionContext,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ApiErrorCode } from './errors.js';
import { LARGE_BODY } from './large-bodies.js';
import { parseInput, shapeQuery } from './parse.js';

/** What a route is, for the router and for the OpenAPI document alike. */
export interface RouteDoc {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below the controller's path, as the router has it. */
  path: string;
  /** In the document, where it differs (wildcards). */
  docPath?: string;
  summary: string;
  description?: string;
  tag: string;
  status: 200 | 201 | 202 | 204;
  /** Absent with 204. */
  response?: z.ZodType;
  responseDescription: string;
  /** Media types of the answer as text, besides JSON where there is a `response`. */
  alsoAs?: readonly string[];
  /** true: bodies may have LARGE_BODY_LIMIT_BYTES. */
  largeBody?: true;
  /** A success of another status; its handler sends the reply itself. */
  alternative?: { status: 200; response: z.ZodType; responseDescription: string };
  errors: readonly ApiErrorCode[];
  /** The calls that are passed on, for their refusals. */
  passesOn?: readonly Refusals[];
}
export interface ParamDoc {
  in: 'path' | 'query' | 'header' | 'body';
  name: string;
  schema: z.ZodType;
}

const ROUTE = Symbol('boocontrol route');
const PARAMS = Symbol('boocontrol params');
const VERBS = { get: Get, post: Post, put: Put, patch: Patch, delete: Delete };

/** Declares a handler: its verb and path, what it answers, how it fails. */
export function Route(doc: RouteDoc): MethodDecorator {
  return applyDecorators(
    VERBS[doc.method](doc.path),
    HttpCode(doc.status),
    ...(doc.largeBody === true ? [RouteConfig(LARGE_BODY)] : []),
    (target: object, key: string | symbol) => {
      Reflect.defineMetadata(ROUTE, doc, target, key);
    },
  );
}

type Handler = (target: object, key: string | symbol | undefined, index: number) => void;

function note(target: object, key: string | symbol | undefined, param: ParamDoc): void {
  if (key === undefined) return;
  const known = (Reflect.getMetadata(PARAMS, target, key) as ParamDoc[] | undefined) ?? [];
  Reflect.defineMetadata(PARAMS, [param, ...known], target, key);
}

/** The query string by its schema; repeated names are lists. */
export function QueryOf(schema: z.ZodObject): Handler {
  const pipe = {
    transform: (raw: Record<string, unknown>): unknown =>
      parseInput(schema, shapeQuery(schema, raw), 'query'),
  };
  return (target, key, index) => {
    note(target, key, { in: 'query', name: '', schema });
    Query(pipe)(target, key, index);
  };
}

/** The JSON body by its schema. */
export function BodyOf(schema: z.ZodType): Handler {
  const pipe = { transform: (raw: unknown): unknown => parseInput(schema, raw, 'body') };
  return (target, key, index) => {
    note(target, key, { in: 'body', name: '', schema });
    Body(pipe)(target, key, index);
  };
}

/** A part of the path. `routerName` is the router's name of it where it is a wildcard. */
export function ParamOf(name: string, schema: z.ZodType, routerName = name): Handler {
  const pipe = { transform: (raw: unknown): unknown => parseInput(schema, raw, `path, at ${name},`) };
  return (target, key, index) => {
    note(target, key, { in: 'path', name, schema });
    Param(routerName, pipe)(target, key, index);
  };
}

function fromHeaders(param: ParamDoc, read: (headers: IncomingHttpHeaders) => unknown): Handler {
  const decorator = createParamDecorator((_data: unknown, context: ExecutionContext) =>
    read(context.switchToHttp().getRequest<FastifyRequest>().headers),
  );
  return (target, key, index) => {
    note(target, key, param);
    decorator()(target, key, index);
  };
}

/** A header by its schema. */
export function HeaderOf(name: string, schema: z.ZodType): Handler {
  return fromHeaders({ in: 'header', name, schema }, (headers) =>
    parseInput(schema, headers[name.toLowerCase()], `header ${name}`),
  );
}

/** Who sends the request: the source, as it is told of requests to hosts. */
export function SourceOf(): Handler {
  const schema = SourceSchema.optional().describe(
    'Who asks; absent: derived from the User-Agent. What is no source is made one, e.g. "My App" to "my-app"',
  );
  return fromHeaders({ in: 'header', name: 'X-Boo-Source', schema }, (headers) => {
    const texts = Object.entries(headers).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return sourceOf({ headers: Object.fromEntries(texts) });
  });
}

/** The documented routes of a controller class, in the order of its methods. */
export function routesOf(controller: { prototype: object }): { doc: RouteDoc; params: ParamDoc[] }[] {
  return Object.getOwnPropertyNames(controller.prototype).flatMap((key) => {
    const doc = Reflect.getMetadata(ROUTE, controller.prototype, key) as RouteDoc | undefined;
    const params = (Reflect.getMetadata(PARAMS, controller.prototype, key) as ParamDoc[] | undefined) ?? [];
    return doc ? [{ doc, params }] : [];
  });
}
