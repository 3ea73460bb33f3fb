/** Run-time constants without any import: the browser takes these and leaves the schemas behind. */

/** Value of `source` where nothing told who sent a request. */
export const UNATTRIBUTED = 'unattributed';

/** Socket namespace of the cockpit. */
export const CONTROL_NAMESPACE = '/control';

/** Seconds of a throughput bucket, and how many a host keeps: 16 minutes. */
export const BUCKET_S = 15;
export const BUCKETS_KEPT = 64;

/** A capture as JSON is cut to this. */
export const CAPTURE_MAX_BYTES = 256 * 1024;

/** Most words that one search may name. */
export const TEXT_QUERY_MAX_WORDS = 32;
