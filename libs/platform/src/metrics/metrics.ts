import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One registry a process; `/metrics` prints it. */
export const metricsRegistry = new Registry();
collectDefaultMetrics({ register: metricsRegistry });

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
