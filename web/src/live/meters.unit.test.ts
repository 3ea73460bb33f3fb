import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpu, perf } from '../../testing/hosts';
import { readMeter, type Meter } from './meters';

const NOW = Date.UTC(2026, 10, 20, 12);
const FULL = perf('tower', NOW, [gpu(0, 'GPU', 1000, 0.5)], 0.5);

/** A sample with counters of one card. */
function sample(atS: number, rxBytes: number, name = 'eth0') {
  const made = perf('tower', NOW + atS * 1000, null, 0.5);
  return { ...made, sys: { ...made.sys!, net: [{ name, rxBytes, txBytes: 2 * rxBytes }] } };
}
const readAll = (...samples: ReturnType<typeof sample>[]): Meter | undefined =>
  samples.reduce<Meter | undefined>((before, each) => readMeter(before, each), undefined);

describe('the meter of a host', () => {
  it('keeps the half that a sample lacks', () => {
    const graphics = { ...FULL, sys: null };
    const system = { ...perf('tower', NOW + 5000, null, 0.9), gpus: null };
    const meter = readMeter(readMeter(undefined, graphics), system);
    expect(meter.gpus).toBe(graphics.gpus);
    expect(meter.sys).toBe(system.sys);
    expect(readMeter(meter, graphics).sys).toBe(system.sys);
  });
  it('is the same object for the same sample', () => {
    const meter = readMeter(undefined, FULL);
    expect(readMeter(meter, FULL)).toBe(meter);
  });
});

describe('the network rate', () => {
  it('is unknown after the first sample', () => expect(readAll(sample(0, 100))?.net).toBeNull());
  it('is what came, by the time it took', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1e9 }),
        fc.nat({ max: 1e9 }),
        fc.integer({ min: 1, max: 3600 }),
        (start, more, seconds) => {
          const net = readAll(sample(0, start), sample(seconds, start + more))?.net;
          expect(net?.rxBps).toBeCloseTo(more / seconds);
          expect(net?.txBps).toBeCloseTo((2 * more) / seconds);
        },
      ),
    );
  });
  it('is unknown when the counters began again: the host was booted', () => {
    expect(readAll(sample(0, 500), sample(5, 1000), sample(10, 3))?.net).toBeNull();
    expect(readAll(sample(0, 500), sample(5, 3), sample(10, 13))?.net).toEqual({ rxBps: 2, txBps: 4 });
  });
  it('stays when a sample is of the same moment or an earlier one', () => {
    const net = { rxBps: 100, txBps: 200 };
    expect(readAll(sample(0, 500), sample(5, 1000), sample(5, 1000))?.net).toEqual(net);
    expect(readAll(sample(0, 500), sample(5, 1000), sample(3, 1000))?.net).toEqual(net);
  });
  it.each(['lo', 'lo0', 'Loopback Pseudo-Interface 1'])('does not count %s', (name) => {
    expect(readAll(sample(0, 500, name), sample(5, 1000, name))?.net).toEqual({ rxBps: 0, txBps: 0 });
  });
});
