import { momentOf } from './clocks.js';
import { LeaseError, LeaseLostError } from './lease-error.js';
import { LeaseKeeper, type Renewal } from './lease-keeper.js';
import type { CurrentLease, LeaseProof, LeaseProtocol, LeaseRequest } from './lease-protocol.js';

const LOOK_EVERY_MS = 1_000;

export interface HostAccessRequest extends Omit<LeaseRequest, 'expectedUntil'> {
  /** Seconds that the holder expects to need; for people. It is held for as long as this process keeps it. */
  expectedS?: number;
}

export type HostAccessResult =
  | { ok: true; lease: HostAccess }
  | {
      ok: false;
      /** A sentence: who has the host, and for what. */
      reason: string;
      current: CurrentLease;
    };

/**
 * Acquires a host and keeps it, a heartbeat every ten seconds, until `release()` or the loss of it. That somebody else has
 * the host is an answer (`ok: false`).
 *
 * @throws {LeaseError} when the bus does not answer, or too late
 * @throws {RangeError} when the request is none: a name too long, a control character
 */
export async function acquireHostAccess(
  leases: LeaseProtocol,
  { expectedS, ...request }: HostAccessRequest,
): Promise<HostAccessResult> {
  const sent = momentOf(leases.clocks);
  const expectedUntil =
    expectedS === undefined
      ? null
      : new Date(sent.wallMs + expectedS * 1_000).toISOString().replace('Z', '000Z');
  const acquired = await leases.acquire({ ...request, expectedUntil });
  if (!acquired.ok) return { ok: false, reason: describeLease(acquired.current), current: acquired.current };
  const lease = new HostAccess(leases, acquired.lease);
  if (lease.begin(sent)) return { ok: true, lease };
  await leases.release(acquired.lease);
  throw new LeaseError('unavailable', 'The bus took so long to answer that the lease cannot be relied on');
}

/** A host in our hands. */
export class HostAccess {
  readonly providerId: string;
  readonly leaseId: string;
  /** Goes with everything done under the lease: whoever changes something refuses an older one. */
  readonly fencingToken: string;
  private readonly losing = new AbortController();
  private readonly keeper: LeaseKeeper;
  private end: { code: 'lost' | 'taken_over'; by?: string } = { code: 'lost' };

  constructor(
    private readonly leases: LeaseProtocol,
    { providerId, leaseId, fencingToken }: CurrentLease,
  ) {
    this.providerId = providerId;
    this.leaseId = leaseId;
    this.fencingToken = fencingToken;
    this.keeper = new LeaseKeeper({
      clocks: leases.clocks,
      ttlMs: leases.ttlMs,
      lookEveryMs: Math.min(LOOK_EVERY_MS, leases.ttlMs / 10),
      renew: () => this.renew(),
      onLost: (reason) => this.lose(reason),
    });
  }

  /** @internal */
  begin(sent: ReturnType<typeof momentOf>): boolean {
    return this.keeper.begin(sent);
  }

  /**
   * Whether it is ours, judged by the clocks at the moment of asking: right also after this process or its machine stood
   * still. Ask before each thing that nobody else must do at the same time.
   */
  get isHeld(): boolean {
    return this.keeper.isHeld;
  }

  /** Fires when it is lost, with a LeaseLostError as its reason; not after `release()`. Give it to what must stop then. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /**
   * Gives the host back; nothing when it is lost already.
   * @throws {LeaseError} when the bus does not answer: the lease then expires by itself
   */
  async release(): Promise<void> {
    this.keeper.stop();
    if (!this.lost.aborted) await this.leases.release(this.proof);
  }

  private get proof(): LeaseProof {
    return { leaseId: this.leaseId, fencingToken: this.fencingToken };
  }

  private async renew(): Promise<Renewal> {
    const beat = await this.leases.heartbeat(this.proof);
    if (beat.ok) return 'renewed';
    this.end = { code: beat.reason, ...(beat.by === undefined ? {} : { by: beat.by }) };
    return { lost: beat.reason === 'taken_over' ? `was taken over by ${beat.by}` : 'has expired' };
  }

  private lose(reason: string): void {
    const { code, by } = this.end;
    this.losing.abort(new LeaseLostError(code, `The lease on ${this.providerId} ${reason}`, by));
  }
}

/** Who has a host, for what, since when and until when, in a sentence. */
export function describeLease({
  providerId,
  holder,
  purpose,
  acquiredAt,
  expectedUntil,
}: CurrentLease): string {
  const until = expectedUntil === null ? '' : `, and expects to need it until ${toMinute(expectedUntil)}`;
  return `${holder} has had ${providerId} to itself since ${toMinute(acquiredAt)} for “${purpose}”${until}.`;
}

const toMinute = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
