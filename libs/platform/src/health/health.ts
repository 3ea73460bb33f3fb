import type { HealthReport } from '@boocontrol/contracts';

export interface CheckResult {
  status: 'up' | 'down';
  /** Why, in words. */
  detail?: string;
  /** RFC 3339; when the part knows better than the registry, which only sees changes when asked. */
  since?: string;
}
export type Check = () => CheckResult | Promise<CheckResult>;

export interface ServiceIdentity {
  service: string;
  instance: string;
  version: string;
  /** RFC 3339. */
  startedAt: string;
}

const CHECK_TIMEOUT_MS = 2_000;

/** What the parts of a service say about themselves. `/health` and `boo.rpc.health` answer with its report. */
export class HealthRegistry {
  private readonly checks = new Map<string, Check>();
  private readonly last = new Map<string, { status: 'up' | 'down'; since: string }>();
  private ready = false;

  constructor(private readonly identity: ServiceIdentity) {}

  /** Replaces a check of the same name. */
  register(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  unregister(name: string): void {
    this.checks.delete(name);
    this.last.delete(name);
  }

  /** Ready: started and not shutting down. A degraded service is still ready. */
  get isReady(): boolean {
    return this.ready;
  }

  setReady(ready: boolean): void {
    this.ready = ready;
  }

  /** Runs every check; one that throws or takes over 2 s counts as down. */
  async report(): Promise<HealthReport> {
    const now = new Date().toISOString();
    const entries = await Promise.all(
      [...this.checks].map(
        async ([name, check]) => [name, this.remember(name, await run(check), now)] as const,
      ),
    );
    const checks = Object.fromEntries(entries);
    const isOk = this.ready && entries.every(([, { status }]) => status === 'up');
    return { status: isOk ? 'ok' : 'degraded', ...this.identity, checks };
  }

  private remember(name: string, result: CheckResult, now: string): HealthReport['checks'][string] {
    const before = this.last.get(name);
    const since = result.since ?? (before?.status === result.status ? before.since : now);
    this.last.set(name, { status: result.status, since });
    return {
      status: result.status,
      ...(result.detail === undefined ? {} : { detail: result.detail }),
      since,
    };
  }
}

async function run(check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', detail: 'did not answer in 2 s' }), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
