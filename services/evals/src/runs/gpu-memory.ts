import type { HostState } from '@boocontrol/contracts';

/** Memory of the GPUs of a host that a model needs; either is null, the other is not. */
interface MemoryTold {
  /** MB. */
  vramMb: number | null;
  /** Why that is not known, in words. */
  vramReason: string | null;
}

const IN_MEMORY: ReadonlySet<string> = new Set(['ready', 'starting', 'stopping']);

/**
 * Watches how much memory of the GPUs of its host is in use while a model is asked. Only what is told while no other model is
 * in memory says anything of the model, and only when that has been so for longer than a reading takes to arrive.
 */
export class GpuMemory {
  private aloneSinceMs: number | null = null;
  private seen: string | null = null;
  private hasShared = false;
  private hasRead = false;
  private mb: number | null = null;

  /** @param lagMs how old a reading may be when it arrives, in milliseconds */
  constructor(
    private readonly model: string,
    private readonly lagMs: number,
  ) {}

  /**
   * To be called again and again.
   * @param host as its facts show it now
   * @param nowMs of a clock that only goes forward
   */
  look(host: HostState | undefined, nowMs: number): void {
    if (host?.liveness?.state !== 'connected' || !this.isAlone(host)) {
      this.aloneSinceMs = null;
      return;
    }
    this.aloneSinceMs ??= nowMs;
    const { gpus = null, gpuTs = null } = host.perf ?? {};
    if (gpus === null || gpus.length === 0 || gpuTs === null) return;
    this.hasRead = true;
    const isNew = gpuTs !== this.seen;
    this.seen = gpuTs;
    if (!isNew || nowMs - this.aloneSinceMs < this.lagMs) return;
    const used = gpus.flatMap(({ memUsedMb }) => memUsedMb ?? []);
    if (used.length === gpus.length) this.mb = used.reduce((sum, mb) => sum + mb, 0);
  }

  get told(): MemoryTold {
    if (this.mb !== null) return { vramMb: this.mb, vramReason: null };
    return { vramMb: null, vramReason: this.why() };
  }

  private isAlone({ models }: HostState): boolean {
    const here = models.filter(({ peerId, state }) => peerId === null && IN_MEMORY.has(state));
    const others = here.filter(({ id }) => id !== this.model);
    if (others.length > 0) this.hasShared = true;
    return others.length === 0 && here.some(({ state }) => state === 'ready');
  }

  private why(): string {
    if (this.hasShared) return 'Another model was in memory as well, so what is in use cannot be told apart.';
    if (!this.hasRead) return 'Its host tells nothing of the memory of GPUs.';
    return 'The run was too short, or its host told too little of its GPUs, for a reading with the model in memory.';
  }
}
