/** Metrics of one GPU reading and of one system reading that are aggregated; names as in the contracts. */
export const GPU_METRICS = [
  'tempC',
  'vramTempC',
  'utilPct',
  'memUtilPct',
  'memUsedMb',
  'memTotalMb',
  'fanPct',
  'powerW',
] as const;
export const SYS_METRICS = [
  'cpuUtilPct',
  'memTotalMb',
  'memUsedMb',
  'memFreeMb',
  'swapTotalMb',
  'swapUsedMb',
  'loadAvg1',
  'loadAvg5',
  'loadAvg15',
] as const;

export interface Stat {
  avg: number;
  max: number;
  min: number;
  count: number;
}

/** One bucket of one host. */
export interface AggregateRow {
  /** Start, an Instant. */
  bucket: string;
  samples: number;
  /** By GPU id, ascending; null: no GPU reading. name and uuid are those of the newest reading. */
  gpus:
    ({ id: number; name: string; uuid: string } & { [M in (typeof GPU_METRICS)[number]]?: Stat })[] | null;
  /** null: no system reading. net: bytes over all interfaces in spanS seconds; absent where there are no two readings. */
  sys:
    | ({ [M in (typeof SYS_METRICS)[number]]?: Stat } & {
        net?: { rxBytes: number; txBytes: number; spanS: number };
      })
    | null;
}

const STAT = (value: string): string => `jsonb_build_object(
    'avg', trim_scale(round(avg(${value}), 6)), 'max', max(${value}), 'min', min(${value}), 'count', count(${value}))`;

/** The one value of a group that is not NULL; NULL: none is. */
const ONLY = (value: string): string => `(array_agg(${value}) FILTER (WHERE ${value} IS NOT NULL))[1]`;

/**
 * Raw samples to buckets. numeric arithmetic: the result is exact and does not depend on the order in which rows are read,
 * so the same samples always give the same row. Counters of network interfaces (loopback left out) that went down
 * started again at zero. Parts of a bucket are put together by grouping, not by joins: of a chunk that was never analysed
 * PostgreSQL expects one row, and would join each bucket with each (an hour of 24 GPUs took a minute instead of 0.4 s).
 *
 * Parameters: $1 provider, $2 and $3 raw samples from and before, $4 width of a bucket, $5 GPU metrics, $6 system metrics,
 * $7 true: network bytes between the last sample of a bucket and the first of the next count for the next one.
 */
export const AGGREGATE = `
  WITH raw AS MATERIALIZED (
    SELECT time_bucket($4::interval, ts) AS bucket, ts, gpu, sys
    FROM fleet.perf_samples
    WHERE provider_id = $1 AND ts >= $2::timestamptz AND ts < $3::timestamptz
  ), gpu_readings AS (
    SELECT bucket, ts, (reading->>'id')::bigint AS id, reading FROM raw, jsonb_array_elements(gpu) AS reading
  ), gpu_stats AS (
    SELECT bucket, id, metric, ${STAT('value')} AS stat
    FROM (
      SELECT bucket, id, metric, (reading->>metric)::numeric AS value
      FROM gpu_readings, unnest($5::text[]) AS metric
    ) AS readings
    WHERE value IS NOT NULL
    GROUP BY bucket, id, metric
  ), gpu_names AS (
    SELECT DISTINCT ON (bucket, id) bucket, id, jsonb_build_object(
      'id', id, 'name', reading->>'name', 'uuid', reading->>'uuid') AS named
    FROM gpu_readings ORDER BY bucket, id, ts DESC, reading
  ), each_gpu AS (
    SELECT bucket, id, ${ONLY('named')} || coalesce(${ONLY('stats')}, '{}') AS gpu
    FROM (
      SELECT bucket, id, named, NULL::jsonb AS stats FROM gpu_names
      UNION ALL
      SELECT bucket, id, NULL, jsonb_object_agg(metric, stat) FROM gpu_stats GROUP BY bucket, id
    ) AS parts
    GROUP BY bucket, id
  ), gpus AS (
    SELECT bucket, jsonb_agg(gpu ORDER BY id) AS gpu_agg FROM each_gpu GROUP BY bucket
  ), sys_stats AS (
    SELECT bucket, metric, ${STAT('value')} AS stat
    FROM (
      SELECT bucket, metric, (sys->>metric)::numeric AS value
      FROM raw, unnest($6::text[]) AS metric WHERE sys IS NOT NULL
    ) AS readings
    WHERE value IS NOT NULL
    GROUP BY bucket, metric
  ), pairs AS (
    SELECT bucket, ts, sys->'net' AS net, lag(bucket) OVER w AS bucket_before, lag(ts) OVER w AS ts_before,
      lag(sys->'net') OVER w AS net_before
    FROM raw WHERE sys IS NOT NULL WINDOW w AS (ORDER BY ts)
  ), transfers AS (
    SELECT bucket, extract(epoch FROM ts - ts_before) AS span_s,
      sum(CASE WHEN now.rx >= old.rx THEN now.rx - old.rx ELSE now.rx END) AS rx,
      sum(CASE WHEN now.tx >= old.tx THEN now.tx - old.tx ELSE now.tx END) AS tx
    FROM pairs
    CROSS JOIN LATERAL (
      SELECT n->>'name' AS name, (n->>'rxBytes')::numeric AS rx, (n->>'txBytes')::numeric AS tx
      FROM jsonb_array_elements(net) AS n
    ) AS now
    JOIN LATERAL (
      SELECT n->>'name' AS name, (n->>'rxBytes')::numeric AS rx, (n->>'txBytes')::numeric AS tx
      FROM jsonb_array_elements(net_before) AS n
    ) AS old ON old.name = now.name
    WHERE ($7 OR bucket_before = bucket) AND now.name !~* '^(lo[0-9]*|loopback.*)$'
    GROUP BY bucket, ts, ts_before
  ), net AS (
    SELECT bucket, jsonb_build_object('net', jsonb_build_object(
      'rxBytes', sum(rx), 'txBytes', sum(tx), 'spanS', trim_scale(sum(span_s)))) AS transfer
    FROM transfers GROUP BY bucket
  ), systems AS (
    SELECT bucket, coalesce(${ONLY('stats')}, '{}') || coalesce(${ONLY('transfer')}, '{}') AS sys_agg
    FROM (
      SELECT DISTINCT bucket, NULL::jsonb AS stats, NULL::jsonb AS transfer FROM raw WHERE sys IS NOT NULL
      UNION ALL
      SELECT bucket, jsonb_object_agg(metric, stat), NULL FROM sys_stats GROUP BY bucket
      UNION ALL
      SELECT bucket, NULL, transfer FROM net
    ) AS parts
    GROUP BY bucket
  )
  SELECT bucket, max(samples) AS samples, ${ONLY('gpu_agg')} AS gpu_agg, ${ONLY('sys_agg')} AS sys_agg
  FROM (
    SELECT bucket, count(*)::int AS samples, NULL::jsonb AS gpu_agg, NULL::jsonb AS sys_agg FROM raw GROUP BY bucket
    UNION ALL
    SELECT bucket, NULL, gpu_agg, NULL FROM gpus
    UNION ALL
    SELECT bucket, NULL, NULL, sys_agg FROM systems
  ) AS parts
  GROUP BY bucket`;
