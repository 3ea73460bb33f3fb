import {
  CancelRouteSchema,
  GatewayRoutingSchema,
  subjects,
  type ControlDispatches,
  type RoutingState,
} from '@boocontrol/contracts';
import { BUS, busState, decodeJson, JetStreamSetup, LOG, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { EndedDispatches } from './ended-dispatches.js';
import { OwnRouting } from './own-routing.js';
import { contentOf, RoutingBoard } from './routing-board.js';

const LOOK_EVERY_MS = 1_000;
/** Several may look at the same time: each gateway tells once for all of them. */
const TELL_AT_MOST_EVERY_MS = 900;

/**
 * What is under way through all gateways, for browsers that look. Whoever has such a browser says once a second that
 * somebody looks; every gateway then tells what it has, at most once a second. While nobody looks, nothing is said.
 */
@Injectable()
export class RoutingLive implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly board = new RoutingBoard();
  private subscriptions: Subscription[] = [];
  private looking: NodeJS.Timeout | null = null;
  private ended: EndedDispatches | null = null;
  private toldAtMs = -Infinity;
  private sent = '';
  private mayBeNew = false;

  constructor(
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
    @Inject(JetStreamSetup) private readonly setup: JetStreamSetup,
    @Inject(OwnRouting) private readonly own: OwnRouting,
  ) {}

  onApplicationBootstrap(): void {
    const { nc } = this;
    this.subscriptions = [
      nc.subscribe(subjects.routingLook, { callback: () => this.tell() }),
      nc.subscribe(subjects.routingState, { callback: (_error, { data }) => this.hear(data) }),
      nc.subscribe(subjects.routingAsk, {
        callback: (_error, message) => void message.respond(JSON.stringify(this.own.read())),
      }),
      nc.subscribe(subjects.routingCancel, {
        callback: (_error, message) => {
          const asked = decodeJson(message.data, CancelRouteSchema);
          if (asked.ok && this.own.cancel(asked.value.id, asked.value.by)) message.respond('true');
        },
      }),
    ];
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    await this.stopLooking();
  }

  /** Whether a browser of this gateway looks. */
  watch(isWatched: boolean): void {
    if (!isWatched) return void this.stopLooking();
    if (this.looking !== null) return;
    this.ended = new EndedDispatches(this.nc, this.log, this.setup);
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.look();
  }

  /** As it is known now; null: nobody looks. */
  get state(): RoutingState | null {
    return this.looking === null ? null : this.board.state;
  }

  /** What browsers have not been told yet; null: nothing. */
  drain(): { state: RoutingState | null; ended: ControlDispatches | null } {
    if (this.looking === null || this.ended === null) return { state: null, ended: null };
    return { state: this.news(), ended: this.ended.drain(performance.now()) };
  }

  private news(): RoutingState | null {
    if (!this.mayBeNew) return null;
    this.mayBeNew = false;
    const { state } = this.board;
    const content = contentOf(state);
    if (content === this.sent) return null;
    this.sent = content;
    return state;
  }

  private look(): void {
    const nowMs = performance.now();
    // Our own is known also while the bus is away.
    this.board.take(this.own.read(), nowMs);
    this.board.dropSilent(nowMs);
    this.mayBeNew = true;
    if (busState(this.nc).connected) this.nc.publish(subjects.routingLook);
  }

  private tell(): void {
    const nowMs = performance.now();
    if (nowMs - this.toldAtMs < TELL_AT_MOST_EVERY_MS) return;
    this.toldAtMs = nowMs;
    try {
      this.nc.publish(subjects.routingState, JSON.stringify(this.own.read()));
    } catch (error) {
      this.log.warn({ err: error }, 'what is under way could not be told to the other gateways');
    }
  }

  private hear(data: Uint8Array): void {
    if (this.looking === null) return;
    const told = decodeJson(data, GatewayRoutingSchema);
    this.mayBeNew = true;
    if (told.ok) this.board.take(told.value, performance.now());
    else this.log.warn({ reason: told.reason }, 'ignored what a gateway told of its requests');
  }

  private async stopLooking(): Promise<void> {
    const { looking, ended } = this;
    if (looking !== null) clearInterval(looking);
    this.looking = null;
    this.ended = null;
    this.board.clear();
    this.sent = '';
    await ended?.stop();
  }
}
