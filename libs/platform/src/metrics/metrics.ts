import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One registry a process; `/metrics` prints it. */
export const metricsRegistry = new Registry();
collectDefaultMetrics({ register: metricsRegistry });
// Gauges under names of counters; what they say is the sum of nodejs_active_handles and its like.
for (const kind of ['handles', 'requests', 'resources'])
  metricsRegistry.removeSingleMetric(`nodejs_active_${kind}_total`);

function once<M>(name: string, make: () => M): M {
  // prom-client throws on a second registration; parts that run several times in a process share the metric.
  return (metricsRegistry.getSingleMetric(name) as M | undefined) ?? make();
}

/** The counter of this name, made at the first call. Names follow Prometheus: `boo_<part>_<what>_total`. */
export function counter<L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[] = [],
): Counter<L> {
  return once(name, () => new Counter({ name, help, labelNames, registers: [metricsRegistry] }));
}

/** The gauge of this name, made at the first call. */
export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
  return once(name, () => new Gauge({ name, help, labelNames, registers: [metricsRegistry] }));
}

/** The histogram of this name, made at the first call. Durations are in seconds, as Prometheus has them. */
export function histogram<L extends string>(
  name: string,
  help: string,
  buckets: number[],
  labelNames: readonly L[] = [],
): Histogram<L> {
  return once(name, () => new Histogram({ name, help, buckets, labelNames, registers: [metricsRegistry] }));
}

/** One series of a gauge that is read when somebody scrapes. */
export interface Reading<L extends string> {
  labels: Record<L, string>;
  value: number;
}

/**
 * A gauge whose series are what `read` says at each scrape, and no others: what is gone has no stale value. Made again
 * under the same name, it is read from the newer source.
 */
export function readGauge<L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  read: () => Iterable<Reading<L>>,
): void {
  metricsRegistry.removeSingleMetric(name);
  const made: Gauge<L> = new Gauge({
    name,
    help,
    labelNames,
    registers: [metricsRegistry],
    collect: () => {
      made.reset();
      for (const { labels, value } of read()) made.set(labels as Partial<Record<L, string>>, value);
    },
  });
}
