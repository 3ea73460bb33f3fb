import { CONFIG, LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { Guard } from '../edge/guard.js';
import type { Area } from '../http/area.js';
import { errorBody } from '../inference/dialect.js';
import { HostPools } from '../inference/host-call.js';
import {
  DECIDER,
  DOORKEEPER,
  MODEL_CATALOG,
  PROMPT_WATCH,
  RECORDER,
  TRACER,
  type Decider,
  type Doorkeeper,
  type ModelCatalog,
  type PromptWatch,
  type Recorder,
} from '../inference/parts.js';
import { InferencePath } from '../inference/path.js';
import type { Tracer } from '../inference/trace-context.js';
import { HostTraffic } from '../inference/traffic.js';
import type { UnderWay } from '../inference/under-way.js';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_HELD_BYTES = 512 * 1024 * 1024;
/** Between two chunks of an answer: a prompt of a hundred thousand tokens may take minutes. */
const IDLE_MS = 300_000;
const NOTICES = { firstMs: 5_000, everyMs: 10_000 };
/** Of the time to shut down, for what comes after the streams. */
const SHUTDOWN_RESERVE_MS = 2_000;

/** `/v1`: takes requests from Fastify's socket before it reads anything of them. */
@Injectable()
export class InferenceArea implements Area, BeforeApplicationShutdown {
  readonly prefix = '/v1';
  private readonly path: InferencePath;
  private readonly shutdownMs: number;

  constructor(
    @Inject(Guard) private readonly guard: Guard,
    @Inject(CONFIG) { SHUTDOWN_MS: shutdownMs }: GatewayConfig,
    @Inject(LOG) log: Log,
    @Inject(HostTraffic) traffic: HostTraffic,
    @Inject(DECIDER) decider: Decider,
    @Inject(DOORKEEPER) doorkeeper: Doorkeeper,
    @Inject(RECORDER) recorder: Recorder,
    @Inject(PROMPT_WATCH) prompts: PromptWatch,
    @Inject(MODEL_CATALOG) catalog: ModelCatalog,
    @Inject(TRACER) tracer: Tracer | null,
  ) {
    this.shutdownMs = shutdownMs;
    this.path = new InferencePath({
      decider,
      doorkeeper,
      recorder,
      prompts,
      catalog,
      tracer: tracer ?? undefined,
      traffic,
      pools: new HostPools(),
      idleMs: IDLE_MS,
      notices: NOTICES,
      maxBodyBytes: MAX_BODY_BYTES,
      maxHeldBytes: MAX_HELD_BYTES,
      onError: (error) => log.error({ err: error }, 'a request to /v1 failed'),
    });
  }

  mount(scope: FastifyInstance): void {
    scope.addHook('onRequest', (request, reply) => {
      const verdict = this.guard.judgeProgram(request.raw);
      if (!verdict.pass) return reply.code(403).send(errorBody('other', 403, 'bad_request', verdict.message));
      reply.hijack();
      void this.path.handle(request.raw, reply.raw, this.guard.isOwnPage(request.raw));
      return reply;
    });
  }

  /** What is on its way at this moment. */
  get underWay(): UnderWay {
    return this.path.underWay;
  }

  /** Streams may go on for as long as the shutdown may take; then they end with an error of their dialect. */
  beforeApplicationShutdown(): Promise<void> {
    const reserveMs = Math.min(SHUTDOWN_RESERVE_MS, this.shutdownMs / 4);
    return this.path.drain(AbortSignal.timeout(this.shutdownMs - reserveMs));
  }
}
