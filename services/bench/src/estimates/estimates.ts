import {
  calls,
  type BenchEstimate,
  type BenchTarget,
  type Call,
  type EstimateBenchSchema,
  type ModelFigures,
} from '@boocontrol/contracts';
import { findModel, instantFromMs } from '@boocontrol/fleet-model';
import { estimateRequests } from '@boocontrol/measure';
import { CallError, RpcClient, RpcError } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Admission } from '../runs/admission.js';
import { Launcher, type Wanted } from '../runs/launcher.js';
import { earlierSeconds } from './earlier.repository.js';
import { GUESSED, GUESSED_LOAD_S, longestHost, secondsOf, type Speed } from './estimate.js';

type Target = BenchEstimate['targets'][number];
type Figures = ModelFigures['models'][number];

const RECENT_MS = 7 * 86_400_000;
/** Fleet-state makes an estimate better; it is none to wait for. */
const ASK_MS = 3_000;

/** What a run would be, before it is one. */
@Injectable()
export class Estimates {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Launcher) private readonly launcher: Launcher,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(RpcClient) private readonly client: RpcClient,
  ) {}

  /** @throws {CallError} `unknown_suite`, `nothing_to_measure`; {RpcError} `unavailable`; {LeaseError} */
  async of(asked: z.output<typeof EstimateBenchSchema>): Promise<BenchEstimate> {
    const wanted = await this.launcher.resolve(asked);
    const hosts = [...new Set(wanted.targets.map(({ providerId }) => providerId))];
    const targets = await Promise.all(
      hosts.map(async (host) => {
        const figures = await this.figuresOf(host);
        const ofHost = wanted.targets.filter(({ providerId }) => providerId === host);
        return Promise.all(ofHost.map((target) => this.target(target, wanted, figures.get(target.model))));
      }),
    );
    const all = targets.flat();
    return { targets: all, seconds: longestHost(all) };
  }

  private async target(
    target: BenchTarget,
    { suite, suiteHash }: Wanted,
    figures: Figures | undefined,
  ): Promise<Target> {
    const { cells, requests } = estimateRequests(suite);
    const objection = await this.admission.objectionTo(target, false);
    const users = await this.admission.usersOf(target.providerId);
    const mustLoad = this.mustLoad(target);
    const loading = mustLoad ? await this.loading(target) : { loadS: 0, unloads: [] };
    const earlierS = await earlierSeconds(this.db, target, suiteHash);
    const speed = figures === undefined ? null : speedOf(figures);
    const measuringS = earlierS ?? secondsOf(suite, speed ?? GUESSED);
    return {
      ...target,
      cells,
      requests,
      seconds: Math.round(10 * (measuringS + loading.loadS)) / 10,
      from: earlierS !== null ? 'runs' : speed !== null ? 'activity' : 'guess',
      mustLoad,
      unloads: loading.unloads,
      disturbs: [...new Set(users.map(({ source }) => source))],
      objection,
    };
  }

  /** false also for a host that cannot be asked: its objection says so. */
  private mustLoad({ providerId, model }: BenchTarget): boolean {
    const host = this.admission.models().find(({ provider }) => provider.id === providerId);
    const found = host === undefined ? null : findModel(host.models, model);
    return found !== null && host?.provider.kind === 'llama-swap' && found.state !== 'ready';
  }

  /** By the last load of it that was followed. */
  private async loading(target: BenchTarget): Promise<{ loadS: number; unloads: string[] }> {
    const found = await this.ask(calls.modelLoads, { ...target, limit: 5 });
    const last = found?.loads.find(({ readyAt }) => readyAt !== null);
    if (last === undefined || last.readyAt === null) return { loadS: GUESSED_LOAD_S, unloads: [] };
    const loadS = Math.max(0, Date.parse(last.readyAt) - Date.parse(last.startedAt)) / 1_000;
    return { loadS, unloads: last.stopped };
  }

  /** Of the last week, by model. */
  private async figuresOf(providerId: string): Promise<Map<string, Figures>> {
    const from = instantFromMs(Date.now() - RECENT_MS);
    const found = await this.ask(calls.modelFigures, { providerId, from });
    return new Map((found?.models ?? []).map((figures) => [figures.model, figures]));
  }

  /** null: nobody tells. */
  private async ask<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
  ): Promise<z.output<A> | null> {
    try {
      return await this.client.ask(call, body, { timeoutMs: ASK_MS });
    } catch (error) {
      if (error instanceof RpcError || error instanceof CallError) return null;
      throw error;
    }
  }
}

/** null: its requests did not tell it. */
function speedOf({ recentGenTps, genTpsP50, promptTps }: Figures): Speed | null {
  const genTps = recentGenTps ?? genTpsP50;
  if (genTps === null || genTps <= 0) return null;
  return { genTps, promptTps: promptTps !== null && promptTps > 0 ? promptTps : GUESSED.promptTps };
}
