import {
  BUCKET_S,
  BUCKETS_KEPT,
  outcomeOf,
  type HostState,
  type Request,
  type ThroughputBucket,
} from '@boocontrol/contracts';
import { instantToMs } from './time.js';

type Requests = HostState['requests'];

const bucketOf = (unixS: number): number => Math.floor(unixS / BUCKET_S) * BUCKET_S;

/**
 * Adds one finished request: its tokens are spread evenly over the time it ran (a long answer must not look like a
 * spike at its end), its count goes to the bucket in which it ended. Buckets older than the kept span, measured from
 * the newest bucket, fall away; so does the share of a request that lies before it. Buckets are BUCKET_S seconds long and
 * named by their first Unix second. Never throws for a request that
 * passed its schema.
 */
export function addToBuckets(buckets: Requests['buckets'], request: Request): Requests['buckets'] {
  const endS = instantToMs(request.endedAt) / 1000;
  const startS = endS - Math.max(0, request.durationMs) / 1000;
  const last = bucketOf(endS);
  const newest = Math.max(last, buckets.at(-1)?.start ?? last);
  const oldest = newest - (BUCKETS_KEPT - 1) * BUCKET_S;
  const byStart = new Map<number, ThroughputBucket>();
  for (const bucket of buckets) if (bucket.start >= oldest) byStart.set(bucket.start, bucket);
  const bucketAt = (start: number): ThroughputBucket => {
    const bucket = {
      ...(byStart.get(start) ?? { start, outputTokens: 0, inputTokens: 0, requests: 0, errors: 0 }),
    };
    byStart.set(start, bucket);
    return bucket;
  };
  for (let start = Math.max(bucketOf(startS), oldest); start <= last; start += BUCKET_S) {
    const overlap = Math.min(endS, start + BUCKET_S) - Math.max(startS, start);
    const share = endS > startS ? Math.max(0, overlap) / (endS - startS) : start === last ? 1 : 0;
    if (share === 0) continue;
    const bucket = bucketAt(start);
    bucket.outputTokens += share * (request.outputTokens ?? 0);
    bucket.inputTokens += share * (request.inputTokens ?? 0);
  }
  if (last >= oldest) {
    const bucket = bucketAt(last);
    bucket.requests += 1;
    if (outcomeOf(request.statusCode) === 'failed') bucket.errors += 1;
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/**
 * Generated tokens per second, and requests ended per minute, over the last 60 s. Never throws.
 *
 * @param nowMs Unix milliseconds by our clock
 */
export function throughput(host: HostState, nowMs: number): { outputTps: number; requestsPerMin: number } {
  const nowS = nowMs / 1000;
  const windowS = 60;
  let tokens = 0;
  let requests = 0;
  for (const bucket of host.requests.buckets) {
    const overlap = Math.min(nowS, bucket.start + BUCKET_S) - Math.max(nowS - windowS, bucket.start);
    if (overlap <= 0) continue;
    const spanS = Math.min(BUCKET_S, Math.max(nowS - bucket.start, 1e-3));
    tokens += bucket.outputTokens * Math.min(1, overlap / spanS);
    requests += bucket.requests * Math.min(1, overlap / spanS);
  }
  return { outputTps: tokens / windowS, requestsPerMin: Math.round(requests) };
}

/**
 * Generated tokens per second of the last `points` buckets of BUCKET_S seconds, oldest first; the current one is left
 * out. Never throws.
 *
 * @param nowMs Unix milliseconds by our clock
 */
export function sparkline(host: HostState, nowMs: number, points = 60): number[] {
  const current = bucketOf(nowMs / 1000);
  const byStart = new Map(host.requests.buckets.map((bucket) => [bucket.start, bucket.outputTokens]));
  return Array.from(
    { length: points },
    (_, i) => (byStart.get(current - (points - i) * BUCKET_S) ?? 0) / BUCKET_S,
  );
}
