import { z } from 'zod';
import { InstantSchema, ProviderIdSchema, SourceSchema } from './common.js';
import { CursorSchema, nextCursorOf } from './paging.js';

/** Who has a host to itself for a while: a benchmark, an eval run, a person at work on it. */

const plain = z
  .string()
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must not contain control characters');
const holder = plain.trim().min(1).max(80).describe('Who holds it, in words, e.g. "bench on tower-2"');
const purpose = plain
  .trim()
  .min(1)
  .max(160)
  .describe(
    'What for, in words, e.g. "speed of qwen3-30b". One that begins with "bench" is told as a benchmark',
  );
const source = SourceSchema.describe(
  'The X-Boo-Source of the holder’s own requests; those of others are counted',
);
const expectedUntil = InstantSchema.nullable().describe(
  'When its holder expects to be done; null: not said. It is held for as long as heartbeats come',
);
const fencingToken = z
  .string()
  .regex(/^\d{1,16}\.\d{1,16}$/)
  .describe(
    'Names this holding; of two tokens of a host the later one wins. Goes with everything done under the lease',
  );

/** Subject token and KV key first, so that the id alone leads to the host. */
export const LeaseIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,63}\.[A-Za-z0-9_-]{8,64}$/)
  .describe('Id of the lease (opaque)')
  .meta({ id: 'LeaseId' });

/** As it stands in KV `host_leases`, under the id of its host; renewed by each heartbeat, gone with the bucket’s ttl. */
export const LeaseEntrySchema = z
  .object({
    leaseId: LeaseIdSchema,
    providerId: ProviderIdSchema,
    holder,
    purpose,
    source,
    acquiredAt: InstantSchema.describe('When it was acquired, by the clock of its holder; for people'),
    expectedUntil,
    fencingToken: fencingToken
      .nullable()
      .describe(
        'null in the entry that acquires: the token is then this very entry (bucket’s creation, revision)',
      ),
    takenOverFrom: LeaseIdSchema.nullable().describe(
      'The lease that this one ended, or that somebody had ended just before; null: the host was free',
    ),
    takenOverBy: holder.nullable().default(null).describe('Who ended that one; null: there was none'),
    endedBy: holder
      .nullable()
      .describe(
        'Set: the lease was ended by them, the host is free; stands until the holder had time to read it',
      ),
  })
  .meta({ id: 'LeaseEntry' });
export type LeaseEntry = z.infer<typeof LeaseEntrySchema>;

export const LeaseEndSchema = z
  .enum(['released', 'expired', 'taken_over'])
  .describe(
    'released: given back; expired: its holder was not heard of in time; taken_over: somebody else ended it',
  );

/** A lease as it is shown and told; the table of the actions service has them all. */
export const LeaseSchema = z
  .object({
    id: LeaseIdSchema,
    version: z
      .int()
      .min(1)
      .describe('Counts its changes: of two copies, the one with the higher version is newer'),
    providerId: ProviderIdSchema,
    holder,
    purpose,
    source,
    since: InstantSchema.describe('When it was acquired'),
    expectedUntil,
    endedAt: InstantSchema.nullable().describe('null: it is held'),
    end: LeaseEndSchema.nullable().describe('null: it is held'),
    endedBy: holder.nullable().describe('Who took over; null: nobody did'),
    foreignRequests: z.int().min(0).describe('Requests of others that the host finished while it was held'),
  })
  .meta({ id: 'Lease' });
export type Lease = z.infer<typeof LeaseSchema>;

export const LeaseEventSchema = z
  .enum(['acquired', 'foreign', ...LeaseEndSchema.options])
  .describe('foreign: requests of others were counted, told at most once a second');
export type LeaseEvent = z.infer<typeof LeaseEventSchema>;

export const LeaseFactSchema = z
  .object({
    event: LeaseEventSchema,
    at: InstantSchema.describe('When it happened'),
    lease: LeaseSchema.describe('The whole lease after it'),
  })
  .describe('One step in the life of a lease. Nats-Msg-Id is `<lease id>:<version>`.')
  .meta({ id: 'LeaseFact' });
export type LeaseFact = z.infer<typeof LeaseFactSchema>;

export const AcquireLeaseSchema = z
  .strictObject({
    providerId: ProviderIdSchema,
    holder,
    purpose,
    source: source
      .optional()
      .describe('The X-Boo-Source of the holder’s own requests; absent: that of this very request'),
    expectedS: z
      .int()
      .min(1)
      .max(7 * 86_400)
      .optional()
      .describe('Seconds that the holder expects to need; for people'),
    takeOver: z.boolean().default(false).describe('true: end the lease of whoever has the host'),
  })
  .meta({ id: 'AcquireLease' });
export const HeldLeaseSchema = z
  .object({
    leaseId: LeaseIdSchema,
    providerId: ProviderIdSchema,
    fencingToken,
    expiresInMs: z.int().describe('Milliseconds from this answer until it ends unless a heartbeat comes'),
    heartbeatEveryMs: z.int().describe('How often to send one, milliseconds'),
  })
  .describe('A lease in the hands of its holder')
  .meta({ id: 'HeldLease' });
export type HeldLeaseReply = z.infer<typeof HeldLeaseSchema>;

export const EndLeaseSchema = z
  .strictObject({ by: holder.describe('Who ends it, in words; its holder is told') })
  .meta({ id: 'EndLease' });

export const LeaseProofSchema = z
  .strictObject({ leaseId: LeaseIdSchema, fencingToken })
  .meta({ id: 'LeaseProof' });

export const LeasesQuerySchema = z.strictObject({
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  limit: z.int().min(1).max(500).default(100).describe('Ended leases of a page at most'),
  cursor: CursorSchema,
});
export const LeasesPageSchema = z
  .object({
    held: z.array(LeaseSchema).describe('In the order of their hosts; the same on every page'),
    ended: z.array(LeaseSchema).describe('Newest first'),
    nextCursor: nextCursorOf('nothing older'),
  })
  .meta({ id: 'LeasesPage' });
export type LeasesPage = z.infer<typeof LeasesPageSchema>;
