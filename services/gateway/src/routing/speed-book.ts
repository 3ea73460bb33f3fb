import { calls, type ModelFigures } from '@boocontrol/contracts';
import { LOG, pause, ProviderDirectory, Rounds, RpcClient, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Figures } from './world.js';

const EVERY_MS = 60_000;
/** Between two questions, so that a large fleet is asked over a longer time and not all at once. */
const BETWEEN_MS = 500;
const TIMEOUT_MS = 20_000;
/** How far back requests and loads tell of today's. */
const DAYS_MS = 14 * 24 * 3_600_000;

/** What the models of each host did lately, asked of fleet-state in the background. Without an answer the old ones stand. */
@Injectable()
export class SpeedBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;
  private readonly hosts = new Map<string, ReadonlyMap<string, Figures>>();
  private isSilent = false;

  constructor(
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(RpcClient) private readonly client: RpcClient,
    @Inject(LOG) private readonly log: Log,
  ) {
    let startedMs = 0;
    this.rounds = new Rounds({
      log,
      trouble: 'what models did lately could not be asked for, trying again',
      everyMs: () => Math.max(BETWEEN_MS, EVERY_MS - (performance.now() - startedMs)),
      round: (signal) => {
        startedMs = performance.now();
        return this.askAll(signal);
      },
    });
  }

  onApplicationBootstrap(): void {
    void this.directory.ready.then(() => {
      this.directory.onChange(() => {
        // A host that is new is not left unknown for a minute.
        if (this.ids.some((id) => !this.hosts.has(id))) this.rounds.soon();
      });
      this.rounds.start();
    });
  }

  /** What is under way is not waited for. */
  beforeApplicationShutdown(): void {
    void this.rounds.stop();
  }

  figures(providerId: string, model: string): Figures | null {
    return this.hosts.get(providerId)?.get(model) ?? null;
  }

  /** Of all models of a host that did something. */
  of(providerId: string): [model: string, figures: Figures][] {
    return [...(this.hosts.get(providerId) ?? [])];
  }

  private async askAll(signal: AbortSignal): Promise<void> {
    const { ids } = this;
    for (const id of this.hosts.keys()) if (!ids.includes(id)) this.hosts.delete(id);
    for (const id of ids) {
      if (signal.aborted) break;
      // Who does not answer for one host does not for the next either.
      if (!(await this.ask(id, signal))) break;
      await pause(BETWEEN_MS, signal);
    }
  }

  private get ids(): string[] {
    return (this.directory.providers ?? []).filter(({ enabled }) => enabled).map(({ id }) => id);
  }

  private async ask(providerId: string, signal: AbortSignal): Promise<boolean> {
    try {
      const figures = new Map<string, Figures>();
      const from = new Date(Date.now() - DAYS_MS).toISOString();
      let cursor: string | undefined;
      do {
        const asked = { providerId, from, ...(cursor === undefined ? {} : { cursor }) };
        const page = await this.client.ask(calls.modelFigures, asked, { timeoutMs: TIMEOUT_MS });
        for (const row of page.models) figures.set(row.model, figuresOf(row));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && !signal.aborted);
      this.hosts.set(providerId, figures);
      this.isSilent = false;
      return true;
    } catch (error) {
      if (!this.isSilent && !signal.aborted)
        this.log.warn(
          { err: error, provider: providerId },
          'what models did lately is not told at the moment',
        );
      this.isSilent = true;
      return false;
    }
  }
}

function figuresOf(row: ModelFigures['models'][number]): Figures {
  const { recentGenTps, recentTtftMs = null, genTpsP50, loadMsP50 } = row;
  return { genTps: recentGenTps ?? genTpsP50, ttftMs: recentTtftMs, loadMs: loadMsP50 };
}
