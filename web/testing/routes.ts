import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A call as the fixture server answered it. */
export interface Answered {
  method: string;
  /** With its query. */
  url: URL;
  status: number;
}

interface Route {
  method: string;
  path: RegExp;
  params: ReadonlySet<string>;
  statuses: ReadonlySet<number>;
}

/** This file runs from where it is written (vitest) and from dist/. */
function rootFolder(): string {
  const above = dirname(dirname(fileURLToPath(import.meta.url)));
  return dirname(basename(above) === 'dist' ? dirname(above) : above);
}

/** The gateway's routes; its own test keeps the file as its OpenAPI document is. */
function readRoutes(): Route[] {
  const text = readFileSync(join(rootFolder(), 'docs/api-routes.md'), 'utf8');
  return text
    .split('\n')
    .filter((line) => /^(get|post|put|patch|delete) \//.test(line))
    .map((line) => {
      const [method = '', address = '', ...statuses] = line.split(' ');
      const [path = '', params = ''] = address.split('?');
      const pattern = path.replace(/[.*+^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name) =>
        // A model's id may hold slashes.
        name === 'model' ? '.+' : '[^/]+',
      );
      return {
        method: method.toUpperCase(),
        path: new RegExp(`^${pattern}$`),
        params: new Set(params.split('&').filter(Boolean)),
        statuses: new Set(statuses.map(Number)),
      };
    });
}

let known: Route[] | null = null;

/** Why the gateway would not have answered so; null when it could have. */
export function driftOf({ method, url, status }: Answered): string | null {
  known ??= readRoutes();
  const call = `${method} ${url.pathname}`;
  const route = known.find((each) => each.method === method && each.path.test(url.pathname));
  if (!route) return `${call}: the gateway has no such route`;
  const strange = [...url.searchParams.keys()].filter((name) => !route.params.has(name));
  if (strange.length > 0) return `${call}: the gateway does not know ${[...new Set(strange)].join(', ')}`;
  return route.statuses.has(status) ? null : `${call}: the gateway never answers ${status}`;
}
