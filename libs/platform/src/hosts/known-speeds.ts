import { calls, type BenchTarget, type Call, type ModelFigures } from '@boocontrol/contracts';
import { findModel, instantFromMs } from '@boocontrol/fleet-model';
import type { z } from 'zod';
import type { RpcClient } from '../rpc/client.js';
import { CallError, RpcError } from '../rpc/rpc-error.js';
import type { HostAdmission } from './admission.js';

/** How fast a model of a host is, as far as anything tells. */
export interface Speed {
  /** Tokens a second of one answer. */
  genTps: number;
  /** Tokens a second of a prompt. */
  promptTps: number;
}

/** Of a small model on a small GPU; what is made of it is called a guess. */
export const GUESSED_SPEED: Speed = { genTps: 30, promptTps: 500 };
const GUESSED_LOAD_S = 30;

const RECENT_MS = 7 * 86_400_000;
/** Fleet-state makes an estimate better; it is none to wait for. */
const ASK_MS = 3_000;

/** What is known of hosts before they are measured: fleet-state tells, a guess stands in for it. */
export class KnownSpeeds {
  constructor(
    private readonly client: RpcClient,
    private readonly admission: HostAdmission,
  ) {}

  /** By model, of requests of the last week; a model that is not in it is not known. */
  async ofHost(providerId: string): Promise<Map<string, Speed>> {
    const from = instantFromMs(Date.now() - RECENT_MS);
    const found = await this.ask(calls.modelFigures, { providerId, from });
    return new Map(
      (found?.models ?? []).flatMap((figures): [string, Speed][] => {
        const speed = speedOf(figures);
        return speed === null ? [] : [[figures.model, speed]];
      }),
    );
  }

  /** What has to be loaded first; by the last load of it that was followed. */
  async loading(target: BenchTarget): Promise<{ mustLoad: boolean; loadS: number; unloads: string[] }> {
    if (!this.mustLoad(target)) return { mustLoad: false, loadS: 0, unloads: [] };
    const found = await this.ask(calls.modelLoads, { ...target, limit: 5 });
    const last = found?.loads.find(({ readyAt }) => readyAt !== null);
    if (last === undefined || last.readyAt === null)
      return { mustLoad: true, loadS: GUESSED_LOAD_S, unloads: [] };
    const loadS = Math.max(0, Date.parse(last.readyAt) - Date.parse(last.startedAt)) / 1_000;
    return { mustLoad: true, loadS, unloads: last.stopped };
  }

  /** false also for a host that cannot be asked: its objection says so. */
  private mustLoad({ providerId, model }: BenchTarget): boolean {
    const host = this.admission.models().find(({ provider }) => provider.id === providerId);
    const found = host === undefined ? null : findModel(host.models, model);
    return found !== null && host?.provider.kind === 'llama-swap' && found.state !== 'ready';
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
function speedOf({ recentGenTps, genTpsP50, promptTps }: ModelFigures['models'][number]): Speed | null {
  const genTps = recentGenTps ?? genTpsP50;
  if (genTps === null || genTps <= 0) return null;
  return { genTps, promptTps: promptTps !== null && promptTps > 0 ? promptTps : GUESSED_SPEED.promptTps };
}

/** Of hosts, which are measured side by side, the one that takes longest, in seconds. */
export function longestHost(targets: readonly { providerId: string; seconds: number }[]): number {
  const hosts = new Map<string, number>();
  for (const { providerId, seconds } of targets)
    hosts.set(providerId, (hosts.get(providerId) ?? 0) + seconds);
  return Math.max(0, ...hosts.values());
}
