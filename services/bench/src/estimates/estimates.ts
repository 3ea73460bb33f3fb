import { type BenchEstimate, type BenchTarget, type EstimateBenchSchema } from '@boocontrol/contracts';
import { estimateRequests } from '@boocontrol/measure';
import { GUESSED_SPEED, KnownSpeeds, longestHost, RpcClient, type Speed } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Admission } from '../runs/admission.js';
import { Launcher, type Wanted } from '../runs/launcher.js';
import { earlierSeconds } from './earlier.repository.js';
import { secondsOf } from './estimate.js';

type Target = BenchEstimate['targets'][number];

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

  /** @throws {CallError} `unknown_suite`, `nothing_to_measure`; {RpcError} `unavailable`; {LeaseError} */
  async of(asked: z.output<typeof EstimateBenchSchema>): Promise<BenchEstimate> {
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

  private async target(
    target: BenchTarget,
    { suite, suiteHash }: Wanted,
    speed: Speed | null,
  ): Promise<Target> {
    const { cells, requests } = estimateRequests(suite);
    const objection = await this.admission.objectionTo(target, false);
    const users = await this.admission.usersOf(target.providerId);
    const { mustLoad, loadS, unloads } = await this.speeds.loading(target);
    const earlierS = await earlierSeconds(this.db, target, suiteHash);
    const measuringS = earlierS ?? secondsOf(suite, speed ?? GUESSED_SPEED);
    return {
      ...target,
      cells,
      requests,
      seconds: Math.round(10 * (measuringS + loadS)) / 10,
      from: earlierS !== null ? 'runs' : speed !== null ? 'activity' : 'guess',
      mustLoad,
      unloads,
      disturbs: [...new Set(users.map(({ source }) => source))],
      objection,
    };
  }
}
