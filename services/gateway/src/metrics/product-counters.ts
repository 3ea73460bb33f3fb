import type { ModelChanged } from '@boocontrol/contracts';
import { DIRECT } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { LiveFleet } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DirectTraffic } from '../direct/direct-traffic.js';
import { DispatchRecorder } from '../dispatches/dispatch-recorder.js';
import { Loads } from './loads.js';
import {
  bounds,
  cachedTokensTotal,
  fallbacksTotal,
  loadSeconds,
  outputTokensTotal,
  promptTokensTotal,
  queueSeconds,
  requestsTotal,
  swapsTotal,
  tpotSeconds,
  ttftSeconds,
} from './product-metrics.js';
import { figuresOfDispatch, figuresOfRow, type RequestFigures } from './request-figures.js';
import { LabelValues, NONE, OTHER } from './series.js';

const MOST_CONSUMERS = 200;
const MOST_POLICIES = 50;
const MOST_HOSTS = 2_000;

/**
 * Counts what ends while this process runs: requests through /v1 from their records, requests that hosts got from elsewhere
 * from the hosts' own rows, loads from changes of models. What ended before is history, which the tables have.
 */
@Injectable()
export class ProductCounters implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly startedMs = Date.now();
  private readonly loads = new Loads();
  private readonly hosts = new LabelValues(MOST_HOSTS);
  private readonly consumers = new LabelValues(MOST_CONSUMERS);
  private readonly policies = new LabelValues(MOST_POLICIES);
  private forget: () => void = () => undefined;

  constructor(
    @Inject(LiveFleet) private readonly fleet: LiveFleet,
    @Inject(DispatchRecorder) private readonly recorder: DispatchRecorder,
    @Inject(DirectTraffic) private readonly direct: DirectTraffic,
  ) {}

  onApplicationBootstrap(): void {
    this.recorder.onRecord((fact) => this.count(figuresOfDispatch(fact)));
    this.direct.onRow((row) => this.count(figuresOfRow(row)));
    this.forget = this.fleet.onFact((fact) => {
      if (fact.kind === 'model-changed') this.modelChanged(fact.body);
    });
  }

  beforeApplicationShutdown(): void {
    this.forget();
  }

  private modelChanged(change: ModelChanged): void {
    const load = this.loads.apply(change);
    if (load === null || instantToMs(change.at) < this.startedMs) return;
    swapsTotal.inc({ host: this.hosts.of(load.providerId), result: load.isReady ? 'ready' : 'failed' });
    const model = this.modelLabel(load.providerId, load.model);
    if (load.seconds !== null) loadSeconds.observe(bounds.load.of({ model }), load.seconds);
  }

  private count(figures: RequestFigures): void {
    const { providerId, policy, outcome } = figures;
    const host = providerId === null ? NONE : this.hosts.of(providerId);
    const model = this.modelLabel(figures.modelAt, figures.model);
    const consumer = this.consumers.of(figures.consumer);
    const by = policy === undefined ? NONE : policy === null ? DIRECT : this.policies.of(policy);
    requestsTotal.inc(bounds.requests.of({ host, model, policy: by, consumer, outcome }));
    for (const reason of figures.fallbacks) fallbacksTotal.inc({ reason });
    if (figures.ttft !== null) ttftSeconds.observe(bounds.ttft.of({ model }), figures.ttft);
    if (figures.tpot !== null) tpotSeconds.observe(bounds.tpot.of({ model }), figures.tpot);
    if (figures.queued !== null) queueSeconds.observe(bounds.queue.of({ host }), figures.queued);
    const { promptTokens, cachedTokens, outputTokens } = figures;
    if (promptTokens === null && cachedTokens === null && outputTokens === null) return;
    const place = bounds.tokens.of({ host, model });
    promptTokensTotal.inc(place, promptTokens ?? 0);
    cachedTokensTotal.inc(place, cachedTokens ?? 0);
    outputTokensTotal.inc(place, outputTokens ?? 0);
  }

  /** What the host lists, as other names come from outside without end. */
  private modelLabel(providerId: string | null, model: string | null): string {
    const hosts = this.fleet.state?.hosts ?? {};
    if (providerId === null || model === null || !Object.hasOwn(hosts, providerId)) return OTHER;
    return hosts[providerId]?.models.some(({ id }) => id === model) === true ? model : OTHER;
  }
}
