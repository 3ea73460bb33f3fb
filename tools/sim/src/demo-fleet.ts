import { DEMO_HOSTS, DEMO_WEIGHTS } from './demo-hosts.js';
import { createSimHost, type SimHost } from './sim-host.js';
import { startTraffic, type Traffic } from './traffic/generator.js';
import type { TrafficTarget } from './traffic/world.js';

export interface DemoFleetOptions {
  seed?: number;
  /** One port for each host in order; missing ones are chosen by the system. */
  ports?: readonly number[];
  /** 1 = real time. */
  timeScale?: number;
  /** False = hosts without traffic. */
  traffic?: boolean;
}

export interface DemoFleet {
  readonly hosts: readonly SimHost[];
  readonly traffic: Traffic | undefined;
  close(): Promise<void>;
}

/** Starts the demo's hosts and the traffic between them. Throws what listen() throws, with nothing left running. */
export async function createDemoFleet(options: DemoFleetOptions = {}): Promise<DemoFleet> {
  const { seed = 1, ports = [], timeScale = 1 } = options;
  const hosts: SimHost[] = [];
  try {
    for (const [index, host] of DEMO_HOSTS.entries()) {
      hosts.push(
        await createSimHost({ ...host, seed, timeScale, ledgerMaxRows: 20_000, port: ports[index] ?? 0 }),
      );
    }
  } catch (error) {
    await Promise.all(hosts.map((host) => host.close()));
    throw error;
  }
  const traffic = options.traffic === false ? undefined : startTraffic(hosts.map(target), seed, timeScale);
  return {
    hosts,
    traffic,
    close: async () => {
      await traffic?.stop();
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
}

function target(host: SimHost, index: number): TrafficTarget {
  const models = DEMO_HOSTS[index]?.models ?? [];
  const ids = (embedding: boolean) =>
    models.filter((model) => (model.embedding ?? false) === embedding).map((model) => model.id);
  return {
    url: host.url,
    chatModels: ids(false),
    embeddingModels: ids(true),
    weight: DEMO_WEIGHTS[host.id] ?? 1,
  };
}
