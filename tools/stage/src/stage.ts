import { BUCKET, ProviderSchema, type Provider } from '@boocontrol/contracts';
import { HostLeases } from '@boocontrol/client';
import { LiveFleet, type BaseConfig, type RunningService } from '@boocontrol/platform';
import { createSimHost, type SimHost, type SimHostInput } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { World, type Ground } from './world.js';

export interface StagedHost {
  id: string;
  sim: SimHost;
}

/** Quick to load, and exactly so fast whatever the machine does. */
export const MODEL = { id: 'one', loadMs: 50, ctx: 8_192, pace: { firstMs: 10, tokenMs: 2 } };

/** A request of somebody else to `MODEL`. Resolves when it was answered, fails when it was not. */
export async function chat(
  { sim }: StagedHost,
  { source, tokens }: { source: string; tokens: number },
): Promise<void> {
  const answer = await fetch(`${sim.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-boo-source': source },
    body: JSON.stringify({
      model: MODEL.id,
      messages: [{ role: 'user', content: 'Hello there' }],
      max_tokens: tokens,
      ignore_eos: true,
    }),
  });
  if (!answer.ok) throw new Error(`it was answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
}

type Replica = Pick<RunningService<BaseConfig>, 'app'>;

/** A world with hosts: the real ingest follows them, as soon as it is `begun`. */
export class Stage extends World {
  readonly leases: HostLeases;
  private count = 0;

  constructor(ground: Ground) {
    super(ground);
    this.leases = new HostLeases(ground.nc);
  }

  /** Resolves when ingest is ready. */
  async begun(): Promise<this> {
    await this.spawn('services/ingest/dist/main.js', { LOG_LEVEL: 'warn' });
    return this;
  }

  /** A name that no other host of this stage has. */
  protected nextId(): string {
    return `host-${++this.count}`;
  }

  /** A simulated host that is registered, and that this replica knows as connected. */
  async simulated(
    replica: Replica,
    input: Omit<SimHostInput, 'id'>,
    entry: Partial<Provider> = {},
  ): Promise<StagedHost> {
    const id = this.nextId();
    const sim = await createSimHost({ id, ...input });
    this.atEnd(() => sim.close());
    await this.register(id, { baseUrl: sim.url, ...entry });
    await this.known(replica, id);
    return { id, sim };
  }

  /** Resolves when this replica knows the host as connected, with its models. */
  async known(replica: Replica, id: string): Promise<void> {
    const live = replica.app.get(LiveFleet);
    await waitFor(
      () => {
        const host = live.state?.hosts[id];
        return host?.liveness?.state === 'connected' && host.models.length > 0 && host.inflight !== null;
      },
      { what: `${id} to be followed` },
    );
  }

  /** Puts it into the registry, in the place of the gateway. */
  async register(id: string, entry: Partial<Provider>): Promise<void> {
    const at = '2026-11-21T12:00:00.000000Z';
    const provider = ProviderSchema.parse({
      id,
      kind: 'llama-swap',
      label: id,
      enabled: true,
      tags: [],
      origin: 'api',
      createdAt: at,
      updatedAt: at,
      ...entry,
    });
    const kv = await new Kvm(this.nc).open(BUCKET.providers);
    await kv.put(id, JSON.stringify(provider));
  }

  /** Nobody has the host, and nothing is under way there. */
  async isClean({ id, sim }: StagedHost): Promise<void> {
    await waitFor(async () => (await this.leases.read(id)) === null && sim.state().inflight === 0, {
      what: `${id} to be left alone`,
    });
  }
}
