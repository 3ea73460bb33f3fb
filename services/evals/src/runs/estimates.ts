import type { BenchTarget, EvalItem, EvalRunEstimate } from '@boocontrol/contracts';
import { GUESSED_SPEED, KnownSpeeds, longestHost, RpcClient, type Speed } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Admission } from './admission.js';
import { Launcher, type Asked, type Wanted } from './launcher.js';

type Target = EvalRunEstimate['targets'][number];

/** About so long answers are, in tokens; thoughts included. */
const ANSWER_TOKENS = 400;
const CHARS_PER_TOKEN = 4;
/** How much longer an answer takes for each one beside it. */
const SHARED = 0.25;
/** How many of the last runs are looked at. */
const LAST = 5;

/** What a run would be, before it is one. */
@Injectable()
export class Estimates {
  private readonly speeds: KnownSpeeds;

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Launcher) private readonly launcher: Launcher,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(RpcClient) client: RpcClient,
  ) {
    this.speeds = new KnownSpeeds(client, admission);
  }

  /** @throws {CallError} `unknown_suite`, `nothing_to_ask`; {RpcError} `unavailable`; {LeaseError} */
  async of(asked: Asked): Promise<EvalRunEstimate> {
    const wanted = await this.launcher.resolve(asked);
    const hosts = [...new Set(wanted.targets.map(({ providerId }) => providerId))];
    const targets = await Promise.all(
      hosts.map(async (host) => {
        const speeds = await this.speeds.ofHost(host);
        const ofHost = wanted.targets.filter(({ providerId }) => providerId === host);
        return Promise.all(
          ofHost.map((target) => this.target(target, wanted, speeds.get(target.model) ?? null)),
        );
      }),
    );
    const all = targets.flat();
    return { targets: all, seconds: longestHost(all) };
  }

  private async target(target: BenchTarget, wanted: Wanted, speed: Speed | null): Promise<Target> {
    const objection = await this.admission.objectionTo(target, false);
    const users = await this.admission.usersOf(target.providerId);
    const { mustLoad, loadS } = await this.speeds.loading(target);
    const earlierS = await this.earlierS(target, wanted);
    const askingS = earlierS ?? secondsOf(wanted, speed ?? GUESSED_SPEED);
    return {
      ...target,
      samples: wanted.samples.length,
      seconds: Math.round(10 * (askingS + loadS)) / 10,
      from: earlierS !== null ? 'runs' : speed !== null ? 'activity' : 'guess',
      mustLoad,
      disturbs: [...new Set(users.map(({ source }) => source))],
      objection,
    };
  }

  /** By the median time of a sample in the last runs of this version; null: there is none. */
  private async earlierS(
    { providerId, model }: BenchTarget,
    { suite, suiteHash, samples, concurrency }: Wanted,
  ): Promise<number | null> {
    const [row] = await this.db.query<{ ms: number | null }[]>(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY e2e_ms) AS ms FROM evals.samples
       WHERE run_id IN (
         SELECT id FROM evals.runs
         WHERE provider_id = $1 AND model = $2 AND suite_name = $3 AND suite_hash = $4 AND state = 'succeeded'
         ORDER BY ended_at DESC LIMIT ${LAST})`,
      [providerId, model, suite.name, suiteHash],
    );
    return row == null || row.ms === null ? null : (samples.length * row.ms) / 1_000 / concurrency;
  }
}

/** Seconds that samples take at this speed, without loading the model; about. */
function secondsOf({ items, k, sampler, concurrency }: Wanted, { promptTps, genTps }: Speed): number {
  const one = items.reduce(
    (sum, item) =>
      sum +
      promptTokensOf(item) / promptTps +
      Math.min(ANSWER_TOKENS, item.maxTokens ?? sampler.maxTokens) / genTps,
    0,
  );
  return (k * one * (1 + SHARED * (concurrency - 1))) / concurrency;
}

function promptTokensOf(item: EvalItem): number {
  if (item.kind === 'long-context') return item.tokens;
  return JSON.stringify(item.kind === 'tools' ? item.messages : item.prompt).length / CHARS_PER_TOKEN;
}
