import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { basename, dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  FACT_ROOM,
  type ActivityPage,
  type ControlFrames,
  type Fact,
  type FactMap,
  type Favorite,
  type Hidden,
  type Maintenance,
  type PublicProvider,
} from '@boocontrol/contracts';
import {
  applyToFleet,
  instantFromMs,
  parseActivityKey,
  readTextQuery,
  toActivityRow,
} from '@boocontrol/fleet-model';
import { Server as SocketServer } from 'socket.io';
import { refuse, type Answer } from './answer.js';
import { MadeBench } from './bench-desk.js';
import { MadeCache } from './cache-desk.js';
import { MadeEvals } from './eval-desk.js';
import { MadeControls } from './controls.js';
import type { MadeFleet } from './fleet.js';
import { activityPage, gaps, modelEvents, modelFigures, totals } from './history.js';
import { provider } from './hosts.js';
import { eventsOf, perfSeries } from './readings.js';
import { captureOf } from './requests.js';
import type { Answered } from './routes.js';
import { MadeKeys } from './keys.js';
import { MadeLogs } from './logs.js';
import { PolicyDesk } from './policy-desk.js';
import { withPrefixes } from './prompt-cache.js';
import { MadeRouting } from './routing.js';
import { MadeV1 } from './v1.js';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.woff2': 'font/woff2',
};

/** This file runs from where it is written (vitest) and from dist/. */
function webFolder(): string {
  const above = dirname(dirname(fileURLToPath(import.meta.url)));
  return basename(above) === 'dist' ? dirname(above) : above;
}

const MADE_DISPATCHES = 300;
const MADE_SESSIONS = 60;

/** A fact before its place on the log is known. */
export type Unnumbered = { [K in Fact['kind']]: { kind: K; body: FactMap[K] } }[Fact['kind']];

const beginning = (body: unknown): Maintenance => ({
  since: instantFromMs(Date.now()),
  note: (body as { note?: string } | null)?.note ?? null,
  ...untilOf(body),
});

function untilOf(body: unknown): Pick<Maintenance, 'until'> {
  const { until } = (body ?? {}) as { until?: string };
  return until === undefined ? {} : { until: instantFromMs(Date.parse(until)) };
}

/** The gateway's edge in small: the export, /api and the socket over one made-up fleet. */
export class FixtureServer {
  readonly out: string;
  readonly http: HttpServer;
  private readonly io: SocketServer;
  private favorites: Favorite[] = [];
  private hidden: Hidden[] = [];
  private token: string | null = null;
  private allowed = new Set<string>();
  private readonly madeMs = Date.now();
  /** Every call of /api, in its order. */
  readonly answered: Answered[] = [];
  /** Bodies of calls that change something, in their order. */
  readonly calls: { method: string; path: string; body: unknown; key?: string | undefined }[] = [];
  /** What hosts are told to do, and who has them. */
  readonly controls: MadeControls;
  /** What hosts and their models write. */
  readonly logs = new MadeLogs((room, frame) => this.io.of('/control').to(room).emit('control_log', frame));
  /** What came through /v1. */
  readonly routing: MadeRouting;
  readonly v1 = new MadeV1(() => this.routing.dispatches[0]?.id);
  readonly keys = new MadeKeys();
  /** Changes of policies, and dry runs. */
  readonly desk: PolicyDesk;
  readonly bench: MadeBench;
  readonly evals: MadeEvals;
  readonly cache: MadeCache;

  constructor(
    private made: MadeFleet,
    { token = null, out }: { token?: string | null; out?: string } = {},
  ) {
    this.out = out ?? join(webFolder(), 'out');
    this.token = token;
    this.routing = new MadeRouting(
      made.requests.length > 0 ? MADE_DISPATCHES : 0,
      this.madeMs,
      (event, frame) => this.io.of('/control').to('routing').emit(event, frame),
    );
    this.cache = new MadeCache(this.madeMs, made.requests.length > 0 ? MADE_SESSIONS : 0);
    withPrefixes(this.routing.dispatches, this.cache.made);
    this.desk = new PolicyDesk({
      policies: this.routing.policies,
      dispatches: () => this.routing.dispatches,
      providers: () => this.made.providers,
      fleet: () => this.made.fleet,
    });
    this.controls = new MadeControls({
      providers: () => this.made.providers,
      fleet: () => this.made.fleet,
      tell: (event, frame) => this.io.of('/control').emit(event, frame),
    });
    this.bench = new MadeBench(made.providers.length > 0, {
      fleet: () => this.made.fleet,
      tell: (frame) => this.io.of('/control').to('jobs').emit('control_job', frame),
    });
    this.evals = new MadeEvals(made.providers.length > 0, {
      fleet: () => this.made.fleet,
      tell: (frame) => this.io.of('/control').to('jobs').emit('control_job', frame),
    });
    this.http = createServer((request, response) => {
      if (request.url?.startsWith('/v1/')) return void this.v1.handle(request, response);
      void this.answer(request).then(({ status, body, type }) => {
        response.writeHead(status, {
          'content-type': type,
          'cache-control': 'no-store',
          ...this.setCookie(request, status),
        });
        response.end(body);
      });
    });
    this.io = new SocketServer(this.http, { serveClient: false });
    const control = this.io.of('/control');
    control.use((socket, next) => next(this.isOpen(socket.request) ? undefined : new Error('unauthorized')));
    control.on('connection', (socket) => {
      socket.on('join', ({ rooms }: { rooms: string[] }, reply: (answer: object) => void) => {
        for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
        void socket.join(rooms);
        reply({ ok: true });
        const snapshot: ControlFrames['control_fleet'] = {
          type: 'snapshot',
          at: instantFromMs(Date.now()),
          fleet: this.made.fleet,
          providers: this.made.providers,
        };
        socket.emit('control_fleet', snapshot);
        socket.emit('control_marks', this.marks);
        socket.emit('control_actions', this.controls.whole);
        socket.emit('control_leases', this.controls.held);
        if (rooms.includes('routing')) socket.emit('control_routing', this.routing.state);
        for (const tail of this.logs.tailsOf(rooms)) socket.emit('control_log', tail);
      });
    });
  }

  async listen(port = 0, host = '127.0.0.1'): Promise<string> {
    await new Promise<void>((done) => this.http.listen(port, host, done));
    const address = this.http.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on a port');
    return `http://${host}:${address.port}`;
  }

  async close(): Promise<void> {
    await this.io.close();
    this.http.closeAllConnections();
  }

  /** Ends every socket as a lost network would; the browser comes back by itself. */
  dropSockets(): void {
    this.io.of('/control').sockets.forEach((socket) => socket.conn.close());
  }

  /** As the gateway before it stops. */
  sayGoodbye(): void {
    const bye: ControlFrames['bye'] = { code: 'shutting_down', message: 'BooControl is shutting down.' };
    this.io.of('/control').emit('bye', bye);
  }

  push<K extends Fact['kind']>(kind: K, body: FactMap[K]): void {
    this.pushAll([{ kind, body } as Unnumbered]);
  }

  /** In one frame for each room, as the gateway gathers what comes within a moment. */
  pushAll(all: readonly Unnumbered[]): void {
    const facts = all.map((each) => ({ ...each, seq: this.made.nextSeq++ }) as Fact);
    for (const fact of facts) {
      this.made.fleet = applyToFleet(this.made.fleet, fact);
      if (fact.kind === 'request') this.made.requests.unshift(fact.body);
    }
    for (const room of new Set(facts.map(({ kind }) => FACT_ROOM[kind]))) {
      const frame = {
        epoch: this.made.fleet.epoch,
        facts: facts.filter(({ kind }) => FACT_ROOM[kind] === room),
      };
      this.io
        .of('/control')
        .to(room)
        .emit(`control_${room}`, room === 'fleet' ? { type: 'facts', ...frame } : frame);
    }
  }

  get fleet(): MadeFleet['fleet'] {
    return this.made.fleet;
  }

  setProviders(providers: PublicProvider[]): void {
    this.made.providers = providers;
    this.io.of('/control').to('fleet').emit('control_fleet', { type: 'providers', providers });
  }

  private isOpen({ headers }: IncomingMessage): boolean {
    return this.token === null || [...this.allowed].some((mark) => headers.cookie?.includes(mark));
  }

  private setCookie(request: IncomingMessage, status: number): Record<string, string> {
    if (this.token === null || request.url !== '/api/session' || request.method !== 'POST' || status !== 200)
      return {};
    this.allowed.add('boo_fixture=1');
    return { 'set-cookie': 'boo_fixture=1; Path=/; HttpOnly; SameSite=Strict' };
  }

  private async answer(
    request: IncomingMessage,
  ): Promise<{ status: number; body: Buffer | string; type: string }> {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (!url.pathname.startsWith('/api/')) return this.file(url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body: unknown = text === '' ? null : JSON.parse(text);
    const method = request.method ?? 'GET';
    const key = request.headers['idempotency-key']?.toString();
    if (method !== 'GET' && url.searchParams.get('dryRun') !== 'true')
      this.calls.push({
        method,
        path: url.pathname + url.search,
        body,
        ...(key === undefined ? {} : { key }),
      });
    const open = url.pathname === '/api/session' || this.isOpen(request);
    const { status, body: answer } = open
      ? this.api(method, url.pathname.slice(4), url.searchParams, body, this.isOpen(request), key)
      : refuse(401, 'unauthorized', 'The admin token is needed.');
    this.answered.push({ method, url, status });
    return { status, body: answer === undefined ? '' : JSON.stringify(answer), type: 'application/json' };
  }

  private api(
    method: string,
    path: string,
    params: URLSearchParams,
    body: unknown,
    open: boolean,
    key: string | undefined,
  ): Answer {
    const now = Date.now();
    const ok = (answer: unknown): Answer => ({ status: 200, body: answer });
    if (path === '/session') {
      if (method === 'GET') return ok({ required: this.token !== null, authenticated: open });
      return (body as { token?: string }).token === this.token
        ? ok({ required: true, authenticated: true })
        : refuse(401, 'wrong_token', 'This is not the admin token.');
    }
    if (path === '/activity' || path === '/activity/totals') {
      const query = readTextQuery(params.get('text') ?? 'any');
      if (!query.ok) return refuse(400, 'bad_text', `Nothing can be searched for by this text. ${query.why}`);
    }
    if (path === '/activity') return ok(this.joined(activityPage(this.made.requests, params)));
    if (path === '/activity/totals') return ok(totals(this.made.requests, params));
    if (path.startsWith('/activity/')) return this.entry(path.slice('/activity/'.length));
    const host = this.made.fleet.hosts[params.get('providerId') ?? ''];
    if (path === '/perf') return ok(perfSeries(params, now, host, this.madeMs));
    if (path === '/gaps')
      return ok(
        this.made.providers.length > 0 ? gaps(params, now, this.madeMs) : { gaps: [], nextCursor: null },
      );
    if (path === '/model-events') return ok(modelEvents(params, now, host, this.madeMs));
    if (path === '/model-figures')
      return ok(modelFigures(this.made.requests, params, eventsOf(params, now, host, this.madeMs)));
    if (path === '/logs') return ok(this.logs.kept(params, this.madeMs));
    if (path.startsWith('/favorites')) return this.favorite(method, path);
    if (path.startsWith('/hidden')) return this.hide(method, path);
    if (path.startsWith('/bench')) return this.bench.answer(method, path, params, body);
    if (path.startsWith('/evals')) return this.evals.answer(method, path, params, body);
    if (path === '/routing/scores') return this.evals.scores;
    if (path.startsWith('/prompt-cache')) return this.cache.answer(method, path, params);
    if (path.startsWith('/keys')) return this.keys.answer(method, path, body);
    if (path.startsWith('/routing'))
      return this.desk.answer(method, path, params, body) ?? this.routing.answer(method, path, params);
    if (path.startsWith('/actions')) return this.controls.answerActions(method, path, params, body, key);
    if (path.startsWith('/leases')) return this.controls.answerLeases(method, path, params, body);
    if (path.startsWith('/providers')) return this.provider(method, path, body);
    return refuse(404, 'not_found', `Nothing is at ${path}.`);
  }

  private joined({ rows, ...page }: ActivityPage): ActivityPage {
    return { rows: rows.map((row) => this.routing.joined(row)), ...page };
  }

  private entry(key: string): Answer {
    const named = parseActivityKey(key);
    const found =
      named &&
      this.made.requests.find(
        ({ providerId, entryId, ts }) =>
          providerId === named.providerId && entryId === named.entryId && ts === named.ts,
      );
    if (!found) return refuse(404, 'not_found', 'There is no such request.');
    const kept = found.hasCapture && found.entryId % 7 !== 0;
    return {
      status: 200,
      body: {
        row: this.routing.joined(toActivityRow(found)),
        capture: kept ? captureOf(found) : null,
        captureState: kept ? 'stored' : found.hasCapture ? 'gone' : 'none',
        endedAt: found.endedAt,
      },
    };
  }

  private get marks(): ControlFrames['control_marks'] {
    return { favorites: this.favorites, hidden: this.hidden };
  }

  private tellMarks(): void {
    this.io.of('/control').emit('control_marks', this.marks);
  }

  private hide(method: string, path: string): Answer {
    if (method === 'GET') return { status: 200, body: { hidden: this.hidden } };
    const [, , providerId = '', ...rest] = path.split('/');
    const model = rest.length === 0 ? null : rest.map(decodeURIComponent).join('/');
    this.hidden = this.hidden.filter((each) => each.providerId !== providerId || each.model !== model);
    if (method === 'PUT') this.hidden.push({ providerId, model, hiddenAt: instantFromMs(Date.now()) });
    this.tellMarks();
    return { status: 204 };
  }

  private favorite(method: string, path: string): Answer {
    if (method === 'GET') return { status: 200, body: { favorites: this.favorites } };
    const [, , providerId = '', ...rest] = path.split('/');
    const model = rest.map(decodeURIComponent).join('/');
    this.favorites = this.favorites.filter((each) => each.providerId !== providerId || each.model !== model);
    if (method === 'PUT') this.favorites.push({ providerId, model, createdAt: instantFromMs(Date.now()) });
    this.tellMarks();
    return { status: 204 };
  }

  private provider(method: string, path: string, body: unknown): Answer {
    const [, , id, verb] = path.split('/');
    const { providers } = this.made;
    if (method === 'POST' && !id) {
      const input = body as { id: string; baseUrl: string; label?: string };
      if (!/^[a-z0-9-]+$/.test(input.id)) {
        return refuse(400, 'validation', 'The body is not valid.', [
          { path: 'id', message: 'use 1 to 63 of a-z, 0-9 and hyphen' },
        ]);
      }
      if (!URL.canParse(input.baseUrl)) {
        return refuse(400, 'validation', 'The body is not valid.', [
          { path: 'baseUrl', message: 'use an http:// or https:// address, e.g. http://192.168.1.20:8080' },
        ]);
      }
      if (providers.some((each) => each.id === input.id))
        return refuse(409, 'exists', `There is a host "${input.id}" already.`);
      const made = provider(input.id, input.label ?? input.id, input);
      this.setProviders([...providers, made]);
      return { status: 201, body: made };
    }
    const known = providers.find((each) => each.id === id);
    if (!known) return refuse(404, 'not_found', `There is no host "${id ?? ''}".`);
    if (verb === 'profiles') return this.controls.answerProfiles();
    if (verb === 'maintenance' || verb === 'protected') {
      const { maintenance, protectedModels = [], ...rest } = known;
      const model = decodeURIComponent(path.split('/').slice(4).join('/'));
      const others = protectedModels.filter((each) => each !== model);
      const wanted = method === 'PUT';
      const changed: PublicProvider =
        verb === 'maintenance'
          ? { ...rest, protectedModels, ...(wanted ? { maintenance: beginning(body) } : {}) }
          : {
              ...rest,
              ...(maintenance ? { maintenance } : {}),
              protectedModels: wanted ? [...others, model] : others,
            };
      this.setProviders(providers.map((each) => (each === known ? changed : each)));
      return { status: 204 };
    }
    if (verb === 'reconnect') return { status: 202, body: { accepted: true } };
    if (method === 'DELETE') this.setProviders(providers.filter((each) => each !== known));
    if (method === 'PATCH')
      this.setProviders(providers.map((each) => (each === known ? { ...known, ...(body as object) } : each)));
    return { status: method === 'DELETE' ? 204 : 200, body: method === 'DELETE' ? undefined : known };
  }

  private async file(path: string): Promise<{ status: number; body: Buffer | string; type: string }> {
    const inside = normalize(path).replace(/^(\.\.[/\\])+/, '');
    const asked = extname(inside) ? inside : join(inside, 'index.html');
    // As the gateway: a folder `any` stands for every name in its place.
    const ofAny = asked.replace(/^\/([^/]+)\/[^/]+\//, '/$1/any/');
    const name = existsSync(join(this.out, asked)) ? asked : ofAny;
    try {
      return {
        status: 200,
        body: await readFile(join(this.out, name)),
        type: TYPES[extname(name)] ?? 'application/octet-stream',
      };
    } catch {
      return {
        status: 404,
        body: await readFile(join(this.out, '404.html')).catch(() => 'not found'),
        type: 'text/html',
      };
    }
  }
}
