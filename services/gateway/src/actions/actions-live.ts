import {
  ActionFactSchema,
  calls,
  STREAM,
  subjects,
  type Action,
  type ControlActions,
} from '@boocontrol/contracts';
import { BUS, decodeJson, JetStreamSetup, LOG, RpcClient, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Relay, type News } from '../relay/relay.js';
import { ACTIONS_SERVICE } from '../rpc/actions-service.js';
import { askService } from '../rpc/ask-service.js';

const KEEP_ENDED = 5;
/** The last of all hosts together: a host that was told nothing for long may show less than its last few at first. */
const ASK_FOR_ENDED = 200;

/** Actions as every browser is told of them: those under way, and the last few of each host that have ended. */
@Injectable()
export class ActionsLive implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly relay: Relay<Action>;

  constructor(
    @Inject(BUS) nc: NatsConnection,
    @Inject(LOG) log: Log,
    @Inject(JetStreamSetup) setup: JetStreamSetup,
    @Inject(RpcClient) client: RpcClient,
  ) {
    this.relay = new Relay({
      nc,
      log,
      setup,
      stream: STREAM.actions,
      subjects: [subjects.allActions],
      keepEnded: KEEP_ENDED,
      read: (data) => {
        const fact = decodeJson(data, ActionFactSchema);
        return fact.ok ? { ok: true, value: fact.value.action } : fact;
      },
      ask: () =>
        askService(
          client,
          calls.actions,
          { limit: ASK_FOR_ENDED },
          { name: ACTIONS_SERVICE, timeoutMs: 10_000 },
        ),
    });
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.relay.stop();
  }

  /** Everything; null until there is something to tell. */
  get current(): ControlActions | null {
    return frameOf(this.relay.current);
  }

  /** What came since the last call; null: nothing. */
  drain(): ControlActions | null {
    return frameOf(this.relay.drain());
  }
}

function frameOf(news: News<Action> | null): ControlActions | null {
  if (news === null) return null;
  return { type: news.isAll ? 'all' : 'changed', actions: news.items, trouble: news.trouble };
}
