import type { Generation } from '@boocontrol/contracts';
import { HostError, type HostClient, type HostCommands, type HostEvent } from '@boocontrol/llama-swap';
import { pause } from '@boocontrol/platform';
import type { Contact } from '../follow/followed.js';
import { ModelStreams } from '../logs/model-streams.js';
import { metrics } from '../metrics.js';
import { Captures } from '../requests/captures.js';
import { Engines } from '../requests/engines.js';
import { InflightSources } from '../requests/inflight-sources.js';
import { RequestFeed } from '../requests/request-feed.js';
import { scopeOf, untilFirstEnds, Wake } from '../wake.js';
import type { HostMemory } from './host-memory.js';
import { RunningModels } from './running-models.js';

/** One connection to a host, from its opening to its loss. What outlives it is in HostMemory. */
export class Connection implements Contact {
  private readonly sources = new InflightSources();
  private readonly engines = new Engines();
  private readonly captures: Captures;
  private readonly feed: RequestFeed;
  private readonly running: RunningModels;
  private readonly modelLogs: ModelStreams;
  private readonly modelsChanged = new Wake();
  private readonly perfWake = new Wake();
  private shape: Generation | null = null;
  private hasListedModels = false;

  constructor(
    private readonly client: HostClient,
    private readonly commands: HostCommands,
    private readonly memory: HostMemory,
  ) {
    const { facts, timings, requests: log, bad, missedEvents } = memory;
    this.captures = new Captures(client, facts, timings);
    const parts = {
      client,
      facts,
      log,
      bad,
      timings,
      missedEvents,
      captures: this.captures,
      engines: this.engines,
      sources: this.sources,
    };
    this.feed = new RequestFeed(parts, () => memory.liveness.generation ?? 'C');
    this.running = new RunningModels(client, memory.models, this.engines);
    this.modelLogs = new ModelStreams(commands, memory.logs, facts);
  }

  /** Ends by throwing: HostError when the host is lost, PublishError when its facts cannot be stated, or the signal's reason. */
  async run(signal: AbortSignal): Promise<void> {
    const { logs, inflight, requests } = this.memory;
    logs.connect();
    try {
      const scope = scopeOf(signal);
      const events = await this.client.events(scope.signal, () => this.heard());
      await untilFirstEnds(scope, [
        (until) => this.follow(events, until),
        (until) => this.watchSilence(until),
        (until) => this.modelLogs.run(until),
        async (until) => {
          await this.identify(until);
          await untilFirstEnds(scopeOf(until), [
            (inner) => this.feed.run(inner),
            (inner) => this.captures.run(inner),
            (inner) => this.pollPerf(inner),
            (inner) => this.pollRunning(inner),
          ]);
        },
      ]);
      signal.throwIfAborted();
      throw new Error('a connection ended without a reason');
    } finally {
      inflight.forget();
      logs.disconnect();
      await this.captures.end(requests.newest).catch(() => undefined);
    }
  }

  onBusReconnect(): void {
    this.feed.recover();
    this.perfWake.raise();
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.commands.close()]);
  }

  private heard(): void {
    this.memory.liveness.heard(Date.now());
  }

  /** Which generation it is decides how rows are read, so it comes before everything else. */
  private async identify(signal: AbortSignal): Promise<void> {
    const { liveness } = this.memory;
    const generation = await this.client.generation({ signal });
    const told = <T>(answer: Promise<T>): Promise<T | null> =>
      answer.catch((error: unknown) => {
        if (error instanceof HostError) return null;
        throw error;
      });
    const [version, hardware] = await Promise.all([
      told(this.client.version({ signal })),
      told(this.client.hardware({ signal })),
    ]);
    liveness.learn({ generation: this.shape ?? generation, version, hardware });
    liveness.step({ type: 'connected' });
  }

  private async follow(events: AsyncIterable<HostEvent>, signal: AbortSignal): Promise<void> {
    for await (const event of events) {
      if (signal.aborted) return;
      this.handle(event, Date.now());
    }
  }

  private handle(event: HostEvent, nowMs: number): void {
    const { models, inflight, logs, liveness, bad, provider } = this.memory;
    if ('bad' in event) bad.report('bad_row', '/api/events', event.bad, nowMs);
    switch (event.type) {
      case 'modelStatus':
        models.list(event.models, this.hasListedModels ? 'live' : 'after_gap', nowMs);
        this.hasListedModels = true;
        // Sent after the two histories.
        logs.live();
        logs.list(event.models);
        this.modelsChanged.raise();
        this.modelLogs.changed();
        break;
      case 'logData':
        logs.push(event.source, event.data, nowMs);
        break;
      case 'metrics':
        for (const row of event.rows) this.feed.announceRow(row);
        break;
      case 'activity':
        this.feed.announceId(event.id);
        break;
      case 'inflight':
        // Its shape is the surest sign of a generation; /api/hardware came a little later than the shape of C.
        this.shape = event.shape;
        if (liveness.link.state === 'connected') liveness.learn({ generation: event.shape });
        this.sources.note(event.now, nowMs);
        inflight.set(event.now);
        break;
      case 'unknown':
        metrics.unknown.inc({ provider: provider.id });
        break;
      case 'bad':
        bad.report('bad_frame', '/api/events', [event], nowMs);
        break;
      case 'uiConfig':
      case 'profileChanged':
        break;
    }
  }

  /** An idle healthy stream is silent (there are no keep-alives), so silence is only a reason to ask. */
  private async watchSilence(signal: AbortSignal): Promise<void> {
    const { liveness, timings } = this.memory;
    let quietSinceMs = Date.now();
    while (!signal.aborted) {
      quietSinceMs = Math.max(quietSinceMs, liveness.lastHeardMs ?? 0);
      const leftMs = quietSinceMs + timings.silenceMs - Date.now();
      if (leftMs > 0) {
        await pause(leftMs, signal);
        continue;
      }
      await this.client.health({ signal });
      this.heard();
    }
  }

  private async pollPerf(signal: AbortSignal): Promise<void> {
    const { perf, liveness, timings, hostLog, bad } = this.memory;
    while (!signal.aborted) {
      let againMs = timings.perfEveryMs;
      try {
        const answer = await perf.poll(this.client, signal, timings);
        liveness.learn({ monitoring: answer.monitoring });
        bad.report('bad_row', '/api/performance', answer.bad, Date.now());
        againMs = answer.againMs;
      } catch (error) {
        // The stream and its watch decide whether the host is lost.
        if (signal.aborted || !(error instanceof HostError)) throw error;
      }
      const isBusBack = await this.perfWake.wait(againMs, signal);
      if (isBusBack && !signal.aborted) perf.recover(await hostLog.perfMarks());
    }
  }

  private async pollRunning(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.running.poll(signal, Date.now());
      } catch (error) {
        if (signal.aborted || !(error instanceof HostError)) throw error;
      }
      await this.modelsChanged.wait(this.memory.timings.runningEveryMs, signal);
    }
  }
}
