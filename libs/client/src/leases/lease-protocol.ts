import { LeaseEntrySchema, LeaseProofSchema, type LeaseEntry } from '@boocontrol/contracts';
import { randomBytes } from 'node:crypto';
import type { Clocks } from './clocks.js';
import { fencingTokenOf } from './fencing-token.js';
import { LeaseError } from './lease-error.js';
import type { LeaseStore } from './lease-store.js';

/** Who has a host, with the token of this holding. */
export type CurrentLease = Omit<LeaseEntry, 'fencingToken'> & { fencingToken: string };

export interface LeaseRequest {
  /** Id of the host in the registry. */
  providerId: string;
  /** Who wants it, in words; at most 80 characters. */
  holder: string;
  /** What for, in words; at most 160 characters. One that begins with "bench" is told as a benchmark. */
  purpose: string;
  /** The X-Boo-Source of the holder’s own requests; those of others are counted on the lease. */
  source: string;
  /** When the holder expects to be done: UTC with six decimals; for people. */
  expectedUntil?: string | null;
  /** true: end the lease of whoever has the host. */
  takeOver?: boolean;
}

/** What a holder shows to keep or give back its lease. */
export interface LeaseProof {
  leaseId: string;
  fencingToken: string;
}

export type Acquired = { ok: true; lease: CurrentLease } | { ok: false; current: CurrentLease };

/** lost: it expired, was given back, or never was. */
export type Heartbeat =
  { ok: true; lease: CurrentLease } | { ok: false; reason: 'lost' | 'taken_over'; by?: string };

interface Seen {
  revision: number;
  /** Also one that was ended and only waits for its holder to read that; null: nothing. */
  entry: CurrentLease | null;
}

/**
 * Who has which host, by compare-and-set in a bucket. Keeps nothing itself: any process may ask on behalf of any holder.
 * Every method throws LeaseError when the bus does not answer, or holds an entry that cannot be read.
 */
export class LeaseProtocol {
  constructor(
    private readonly store: LeaseStore,
    readonly clocks: Clocks,
    /** How long an entry stands after its last heartbeat, in milliseconds: the bucket's own ttl. */
    readonly ttlMs: number,
  ) {}

  /** Who has the host now; null: nobody. */
  async read(providerId: string): Promise<CurrentLease | null> {
    return heldIn(await this.look(providerId));
  }

  /** Every host that somebody has; entries that cannot be read are left out. */
  async list(): Promise<CurrentLease[]> {
    const keys = await this.store.keys();
    const found = await Promise.all(
      keys.map(async (key) => {
        try {
          return await this.read(key);
        } catch (error) {
          if (error instanceof LeaseError && error.code === 'unreadable_entry') return null;
          throw error;
        }
      }),
    );
    return found.filter((lease) => lease !== null);
  }

  /**
   * Takes the host if it is free, or from whoever has it with `takeOver`. The lease then stands for the ttl, counted from
   * before this call, and as long as heartbeats come.
   *
   * @throws {RangeError} when the request is none: a name too long, a control character
   */
  async acquire(request: LeaseRequest): Promise<Acquired> {
    const { providerId } = request;
    const leaseId = `${providerId}.${randomBytes(12).toString('base64url')}`;
    for (;;) {
      const before = await this.look(providerId);
      const holding = heldIn(before);
      if (holding !== null && request.takeOver !== true) return { ok: false, current: holding };
      const entry = this.entryFor(request, leaseId, before.entry);
      if (!(await this.wrote(providerId, entry, before.revision))) continue;
      const now = await this.read(providerId);
      if (now?.leaseId === leaseId) return { ok: true, lease: now };
      if (now !== null) return { ok: false, current: now };
      throw new LeaseError('unavailable', `The lease on ${providerId} was gone as soon as it was acquired`);
    }
  }

  /** Keeps a lease for another ttl, counted from before this call. */
  async heartbeat(proof: LeaseProof): Promise<Heartbeat> {
    const providerId = providerOf(proof);
    if (providerId === null) return { ok: false, reason: 'lost' };
    for (;;) {
      const { entry, revision } = await this.look(providerId);
      const end = endOf(proof, entry);
      if (end !== null || entry === null) return end ?? { ok: false, reason: 'lost' };
      if ((await this.store.write(providerId, JSON.stringify(entry), revision)) !== null)
        return { ok: true, lease: entry };
    }
  }

  /** Gives a lease back; nothing when it is over already. */
  async release(proof: LeaseProof): Promise<void> {
    const providerId = providerOf(proof);
    if (providerId === null) return;
    for (;;) {
      const { entry, revision } = await this.look(providerId);
      if (endOf(proof, entry) !== null || (await this.store.remove(providerId, revision))) return;
    }
  }

  /**
   * Ends whatever lease there is on the host, without taking it: it is free at once, and the holder's next heartbeat says
   * that it was taken over, and by whom.
   *
   * @param by who ends it, in words
   * @param leaseId only this one; absent: whichever there is
   * @returns the lease that was ended; null: nobody had the host
   * @throws {RangeError} when `by` is no name of a holder
   */
  async end(providerId: string, by: string, leaseId?: string): Promise<CurrentLease | null> {
    for (;;) {
      const before = await this.look(providerId);
      const lease = heldIn(before);
      if (lease === null || (leaseId !== undefined && lease.leaseId !== leaseId)) return null;
      const entry = checked({ ...lease, endedBy: by });
      if ((await this.store.write(providerId, JSON.stringify(entry), before.revision)) !== null) return lease;
    }
  }

  private entryFor(request: LeaseRequest, leaseId: string, before: CurrentLease | null): LeaseEntry {
    const { providerId, holder, purpose, source, expectedUntil = null } = request;
    return checked({
      leaseId,
      providerId,
      holder,
      purpose,
      source,
      acquiredAt: new Date(this.clocks.wallMs()).toISOString().replace('Z', '000Z'),
      expectedUntil,
      fencingToken: null,
      takenOverFrom: before?.leaseId ?? null,
      takenOverBy: before === null ? null : (before.endedBy ?? holder),
      endedBy: null,
    });
  }

  /** false when somebody else was first. A write whose answer got lost counts when its entry is found. */
  private async wrote(key: string, entry: LeaseEntry, after: number): Promise<boolean> {
    try {
      return (await this.store.write(key, JSON.stringify(entry), after)) !== null;
    } catch (error) {
      const now = await this.look(key).catch(() => null);
      if (now?.entry?.leaseId === entry.leaseId) return true;
      throw error;
    }
  }

  private async look(key: string): Promise<Seen> {
    for (;;) {
      const { text, revision } = await this.store.read(key);
      if (text === null) return { revision, entry: null };
      const { fencingToken, ...entry } = parsed(key, text);
      if (fencingToken !== null) return { revision, entry: { ...entry, fencingToken } };
      // The entry that acquires is its own token. It must be of the bucket that was made then, so it must still be there.
      const createdUs = await this.store.created();
      if ((await this.store.read(key)).text === text)
        return { revision, entry: { ...entry, fencingToken: fencingTokenOf(createdUs, revision) } };
    }
  }
}

const heldIn = ({ entry }: Seen): CurrentLease | null => (entry?.endedBy === null ? entry : null);

function providerOf({ leaseId, fencingToken }: LeaseProof): string | null {
  if (!LeaseProofSchema.safeParse({ leaseId, fencingToken }).success) return null;
  return leaseId.slice(0, leaseId.indexOf('.'));
}

/** Why the proof is of no lease that stands; null: it is. */
function endOf(proof: LeaseProof, entry: CurrentLease | null): Extract<Heartbeat, { ok: false }> | null {
  if (entry?.takenOverFrom === proof.leaseId)
    return { ok: false, reason: 'taken_over', by: entry.takenOverBy ?? entry.holder };
  if (entry?.leaseId !== proof.leaseId || entry.fencingToken !== proof.fencingToken)
    return { ok: false, reason: 'lost' };
  return entry.endedBy === null ? null : { ok: false, reason: 'taken_over', by: entry.endedBy };
}

function checked(entry: LeaseEntry): LeaseEntry {
  const result = LeaseEntrySchema.safeParse(entry);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RangeError(`This is no lease: ${problems.join('; ')}`);
}

function parsed(key: string, text: string): LeaseEntry {
  try {
    const entry = LeaseEntrySchema.parse(JSON.parse(text));
    if (entry.providerId === key) return entry;
  } catch {
    // Said below.
  }
  throw new LeaseError('unreadable_entry', `What stands in the bucket of leases for ${key} cannot be read`);
}
