import { describe, expect, it } from 'vitest';
import { parseState } from './server-state.js';

describe('parseState', () => {
  const state = { server: { pid: 2, startTicks: 3 }, owner: { pid: 4, startTicks: 5 }, port: 4222 };

  it('reads what is written', () => {
    expect(parseState(JSON.stringify(state))).toEqual(state);
  });

  it.each(['', '{', 'null', '{}', '{"server":{"pid":2},"owner":{"pid":4,"startTicks":5},"port":1}', '[1]'])(
    'takes %j for nothing',
    (text) => {
      expect(parseState(text)).toBeUndefined();
    },
  );
});
