import {
  ActionFactSchema,
  calls,
  STREAM,
  subjects,
  type Action,
  type ActionFact,
  type ActionRequest,
  type Provider,
  type Submitted,
} from '@boocontrol/contracts';
import { loadConfig, startService, type RunningService } from '@boocontrol/platform';
import { createSimHost, type SimHostInput } from '@boocontrol/sim';
import { openGround, Stage, type StagedHost } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { ActionsServiceModule } from '../actions-service.module.js';
import { findAction } from '../actions/actions.repository.js';
import { TIMINGS, type ActionTimings } from '../actions/timings.js';
import { actionsConfig, type ActionsConfig } from '../config.js';
import { proxyFor, type Proxy } from './proxy.js';

/** Waits short enough for tests; what they prove is not how long they are. */
export const QUICK: ActionTimings = {
  ...TIMINGS,
  limit: { warm: 10_000, unload: 4_000, 'unload-all': 4_000, profile: 3_000, cancel: 4_000 },
  stallMs: 2_500,
  heartbeatEveryMs: 300,
  abandonedAfterMs: 4_000,
  progressEveryMs: 100,
  lookAgainMs: 100,
  unreachableMs: 1_500,
  careEveryMs: 300,
  unacceptedMs: 1_500,
};

export interface Host extends StagedHost {
  proxy: Proxy;
}

export type Replica = RunningService<ActionsConfig>;

type Asking = { source?: string; confirm?: boolean; idempotencyKey?: string; fencingToken?: string };

/** A bus and a database, the real ingest, simulated hosts, and as many processes of the service as a test wants. */
export class Bench extends Stage {
  static async open(): Promise<Bench> {
    return new Bench(await openGround()).begun();
  }

  /** One replica, in this process. */
  service(timings = QUICK): Promise<Replica> {
    const config = loadConfig(actionsConfig, this.environment);
    return this.runs(startService({ name: 'actions', config, module: ActionsServiceModule.of(timings) }));
  }

  /** A host that is registered, and that this replica knows as connected; reached through a proxy that can fail. */
  async host(
    service: Replica,
    input: Partial<SimHostInput> = {},
    entry: Partial<Provider> = {},
  ): Promise<Host> {
    const id = this.nextId();
    const models = [
      { id: 'one', loadMs: 200 },
      { id: 'two', loadMs: 200, aliases: ['zwei'] },
    ];
    const sim = await createSimHost({ id, models, stopMs: 50, ...input });
    const proxy = await proxyFor(() => sim.url);
    this.atEnd(async () => {
      await proxy.close();
      await sim.close();
    });
    await this.register(id, { baseUrl: proxy.url, ...entry });
    await this.known(service, id);
    return { id, sim, proxy };
  }

  submit(request: ActionRequest, { source = 'test', ...more }: Asking = {}): Promise<Submitted> {
    return this.rpc.ask(calls.submitAction, { request, source, ...more }, { timeoutMs: 15_000 });
  }

  /** The code of what refuses it, and the problem; fails when it is accepted. */
  async rejected(
    request: ActionRequest,
    more: Asking = {},
  ): Promise<{ code: string; message: string; details: unknown }> {
    const accepted = await this.submit(request, more).catch((error: unknown) => error);
    if (!(accepted instanceof Error) || !('code' in accepted))
      throw new Error(`it was not refused: ${JSON.stringify(accepted)}`);
    const { code, message, details } = accepted as Error & { code: string; details?: unknown };
    return { code, message, details };
  }

  async action(service: Replica, id: string): Promise<Action> {
    const row = await findAction(this.db(service), id);
    if (row === null) throw new Error(`there is no action ${id}`);
    return row.action;
  }

  ended(service: Replica, id: string, timeoutMs = 40_000): Promise<Action> {
    return waitFor(
      async () => {
        const action = await this.action(service, id);
        return action.endedAt === null ? undefined : action;
      },
      { what: `action ${id} to end`, timeoutMs },
    );
  }

  until(service: Replica, id: string, state: Action['state']): Promise<Action> {
    return waitFor(
      async () => {
        const action = await this.action(service, id);
        return action.state === state ? action : undefined;
      },
      { what: `action ${id} to be ${state}` },
    );
  }

  /** Facts of an action, in the order of its versions. */
  async facts(providerId: string, id: string): Promise<ActionFact[]> {
    const subject = subjects.action(providerId, '*' as ActionFact['event']);
    const facts = (await this.stored(STREAM.actions, subject)).map((fact) => ActionFactSchema.parse(fact));
    return facts.filter(({ action }) => action.id === id).sort((a, b) => a.action.version - b.action.version);
  }

  /** Events of its facts, once the last one has the given state. */
  events(providerId: string, id: string, last: ActionFact['event']): Promise<string[]> {
    return waitFor(
      async () => {
        const events = (await this.facts(providerId, id)).map(({ event }) => event);
        return events.at(-1) === last ? events : undefined;
      },
      { what: `the fact ${last} of ${id}` },
    );
  }

  async queued(): Promise<number> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    return (await jsm.streams.info(STREAM.actionQueue)).state.messages;
  }
}
