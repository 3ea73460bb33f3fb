import { elapsedMs, momentOf, type Clocks, type Moment } from './clocks.js';

/** How often a lease is renewed: two renewals may fail before its holder stops believing in it. */
export const RENEWALS_PER_TTL = 3;
/** Its holder believes in it for this part of the ttl after the last good renewal was sent: it still stands in the bucket then. */
const BELIEVED_FOR = 0.75;
/** A renewal that failed is tried again after this part of the ttl. */
const AGAIN_AFTER = 1 / 20;

/** unknown: it could not be told, it is tried again soon. */
export type Renewal = 'renewed' | 'unknown' | { lost: string };

export interface KeeperOptions {
  clocks: Clocks;
  /** The bucket’s ttl in milliseconds. */
  ttlMs: number;
  /** Renews the entry. What it throws counts as `unknown`. */
  renew: () => Promise<Renewal>;
  /** Called once when the lease is no longer ours for certain. */
  onLost: (reason: string) => void;
  /** How often the clocks are looked at, in milliseconds, so that a loss while the machine slept is told soon; absent: when it would be due. */
  lookEveryMs?: number;
}

/**
 * Keeps one lease: renews it, and knows at any moment whether it may still be believed in. Nobody else can have it then,
 * whatever happened to this process or its clocks: it counts from before the renewal was sent, the bucket from later on.
 */
export class LeaseKeeper {
  private readonly trustMs: number;
  /** When the last good renewal was sent; null: nothing is held. */
  private sent: Moment | null = null;
  private cancelRenewal: () => void = () => undefined;
  private cancelLook: () => void = () => undefined;

  constructor(private readonly options: KeeperOptions) {
    this.trustMs = options.ttlMs * BELIEVED_FOR;
  }

  get isHeld(): boolean {
    return this.sent !== null && this.remainingMs(this.sent) > 0;
  }

  /**
   * From here on it is renewed until stop() or onLost.
   * @param sent taken before the entry was written
   * @returns false when that took so long that it cannot be relied on; nothing is held then
   */
  begin(sent: Moment): boolean {
    this.stop();
    if (this.remainingMs(sent) <= 0) return false;
    this.confirm(sent);
    return true;
  }

  /** Renews no more; nothing is held from here on. */
  stop(): void {
    this.sent = null;
    this.cancelRenewal();
    this.cancelLook();
  }

  private remainingMs(sent: Moment): number {
    return this.trustMs - elapsedMs(this.options.clocks, sent);
  }

  private confirm(sent: Moment): void {
    this.sent = sent;
    this.renewIn(this.options.ttlMs / RENEWALS_PER_TTL);
    this.look();
  }

  private renewIn(delayMs: number): void {
    this.cancelRenewal();
    this.cancelRenewal = this.options.clocks.after(delayMs, () => void this.renew());
  }

  private look(): void {
    if (this.sent === null) return;
    const remainingMs = this.remainingMs(this.sent);
    if (remainingMs <= 0) return this.lose('could not be renewed in time');
    this.cancelLook();
    const { lookEveryMs = remainingMs, clocks } = this.options;
    this.cancelLook = clocks.after(Math.ceil(Math.min(remainingMs, lookEveryMs)), () => this.look());
  }

  private async renew(): Promise<void> {
    const { sent: before } = this;
    const { clocks, renew, ttlMs } = this.options;
    if (before === null) return;
    const sent = momentOf(clocks);
    const outcome = await renew().catch(() => 'unknown' as const);
    if (this.sent !== before) return;
    if (typeof outcome === 'object') return this.lose(outcome.lost);
    // Whoever has asked meanwhile was told that it is not held; that must not be taken back.
    if (!this.isHeld) return this.lose('could not be renewed in time');
    if (outcome === 'renewed' && this.remainingMs(sent) > 0) return this.confirm(sent);
    this.renewIn(ttlMs * AGAIN_AFTER);
  }

  private lose(reason: string): void {
    this.stop();
    this.options.onLost(reason);
  }
}
