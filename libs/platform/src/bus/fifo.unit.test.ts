import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.js';

it('behaves as an array with push, shift and splice, also past its compaction', () => {
  const command = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 3_000 }) }),
    fc.record({ take: fc.nat(3_000) }),
    fc.constant({ shift: true }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const step of commands) {
        if ('push' in step) {
          for (let i = 0; i < step.push; i++) {
            fifo.push(next);
            model.push(next++);
          }
        } else if ('take' in step) expect(fifo.take(step.take)).toEqual(model.splice(0, step.take));
        else expect(fifo.shift()).toBe(model.shift());
        expect(fifo.size).toBe(model.length);
        expect(fifo.peek()).toBe(model[0]);
      }
    }),
    { numRuns: 50 },
  );
});
