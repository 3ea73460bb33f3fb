import { testDatabase, testNats, type TestDatabase, type TestNats } from '@boocontrol/testing';
import { TestBus } from './bus.js';
import { TestGateway } from './gateway.js';

/** A NATS and a database of a test's own, and the gateways it starts on them. */
export class World {
  private readonly gateways: TestGateway[] = [];

  private constructor(
    readonly nats: TestNats,
    readonly database: TestDatabase,
    readonly bus: TestBus,
  ) {}

  static async create(): Promise<World> {
    const [nats, database] = await Promise.all([testNats(), testDatabase()]);
    return new World(nats, database, await TestBus.open(nats.url));
  }

  get env(): Record<string, string> {
    return { NATS_URL: this.nats.url, DATABASE_URL: this.database.url };
  }

  /** A gateway that is ready. */
  async gateway(env: Record<string, string> = {}): Promise<TestGateway> {
    const gateway = await this.spawn(env);
    await gateway.service.waitReady();
    return gateway;
  }

  /** A gateway that may not become ready. */
  async spawn(env: Record<string, string> = {}): Promise<TestGateway> {
    const gateway = await TestGateway.spawn({ ...this.env, ...env });
    this.gateways.push(gateway);
    return gateway;
  }

  async stop(): Promise<void> {
    await Promise.all(this.gateways.map(({ service }) => service.stop()));
    await this.bus.close();
    await this.nats.stop();
    await this.database.drop();
  }
}
