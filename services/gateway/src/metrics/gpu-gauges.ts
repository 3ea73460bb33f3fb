import type { Gpu, Perf } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { LiveFleet, readGauge, type Reading } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';

/** A host measures every few seconds; what is older than this is no reading. Milliseconds. */
const FRESH_MS = 120_000;
/** That are told of at most. */
const MOST_GPUS = 2_048;
const BYTES_PER_MB = 1_048_576;

type OfGpu = 'host' | 'gpu';

/** GPUs of hosts that are connected, as they told last. A sample may be of the system alone, so the last one with GPUs is kept. */
@Injectable()
export class GpuGauges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly newest = new Map<string, { gpus: Gpu[]; heardMs: number }>();
  private forget: () => void = () => undefined;

  constructor(@Inject(LiveFleet) private readonly fleet: LiveFleet) {}

  onApplicationBootstrap(): void {
    this.forget = this.fleet.onFact((fact) => {
      if (fact.kind === 'perf') this.note(fact.body);
    });
    const register = (name: string, help: string, read: (gpu: Gpu) => number | null): void =>
      readGauge<OfGpu>(name, help, ['host', 'gpu'], () => this.readings(read, Date.now()));
    register('boocontrol_gpu_utilization_ratio', 'Load of a GPU, 0 to 1', ({ utilPct }) =>
      times(utilPct, 0.01),
    );
    register('boocontrol_gpu_memory_used_bytes', 'Memory of a GPU in use', ({ memUsedMb }) =>
      times(memUsedMb, BYTES_PER_MB),
    );
    register('boocontrol_gpu_memory_total_bytes', 'Memory of a GPU', ({ memTotalMb }) =>
      times(memTotalMb, BYTES_PER_MB),
    );
    register('boocontrol_gpu_power_watts', 'Power that a GPU draws', ({ powerW }) => powerW);
    register('boocontrol_gpu_temperature_celsius', 'Temperature of a GPU', ({ tempC }) => tempC);
  }

  beforeApplicationShutdown(): void {
    this.forget();
  }

  private note({ providerId, gpus, at }: Perf): void {
    if (gpus !== null) this.newest.set(providerId, { gpus, heardMs: instantToMs(at) });
  }

  private *readings(read: (gpu: Gpu) => number | null, nowMs: number): Iterable<Reading<OfGpu>> {
    const hosts = this.fleet.state?.hosts ?? {};
    let left = MOST_GPUS;
    for (const [id, { liveness, perf }] of Object.entries(hosts)) {
      if (liveness?.state !== 'connected') continue;
      // What was said before this process began to follow.
      if (!this.newest.has(id) && perf !== null) this.note(perf);
      const { gpus = [], heardMs = 0 } = this.newest.get(id) ?? {};
      if (nowMs - heardMs > FRESH_MS) continue;
      for (const [gpu, value] of new Map(gpus.map((each) => [String(each.id), read(each)]))) {
        if (value === null) continue;
        if (left-- <= 0) return;
        yield { labels: { host: id, gpu }, value };
      }
    }
    for (const id of this.newest.keys()) if (!Object.hasOwn(hosts, id)) this.newest.delete(id);
  }
}

const times = (value: number | null, by: number): number | null => (value === null ? null : value * by);
