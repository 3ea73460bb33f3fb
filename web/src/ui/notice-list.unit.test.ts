import { describe, expect, it } from 'vitest';
import { createNotices } from './notice-list';

function fixture() {
  let nowMs = 0;
  const due: { at: number; run: () => void }[] = [];
  const notices = createNotices({
    later: (run, ms) => {
      const entry = { at: nowMs + ms, run };
      due.push(entry);
      return entry;
    },
    cancel: (entry) => void due.splice(due.indexOf(entry), due.includes(entry) ? 1 : 0),
  });
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const entry of due.filter(({ at }) => at <= nowMs)) {
      due.splice(due.indexOf(entry), 1);
      entry.run();
    }
  };
  const say = (text: string, more: { failed?: boolean; undo?: () => void } = {}): void =>
    notices.add({ text, failed: more.failed ?? false, undo: more.undo ?? null });
  return { notices, pass, say, texts: () => notices.get().map(({ text }) => text) };
}

describe('what is said of an action', () => {
  it('goes by itself; what can be taken back stays longer; what failed stays', () => {
    const { pass, say, texts } = fixture();
    say('saved');
    say('disabled', { undo: () => undefined });
    say('refused', { failed: true });
    pass(6000);
    expect(texts()).toEqual(['disabled', 'refused']);
    pass(6000);
    expect(texts()).toEqual(['refused']);
    pass(60_000);
    expect(texts()).toEqual(['refused']);
  });
  it('does not go while somebody is on it, and has its time again afterwards', () => {
    const { notices, pass, say, texts } = fixture();
    say('saved');
    notices.hold();
    say('said meanwhile');
    pass(60_000);
    expect(texts()).toEqual(['saved', 'said meanwhile']);
    notices.release();
    pass(5999);
    expect(texts()).toHaveLength(2);
    pass(1);
    expect(texts()).toEqual([]);
  });
  it('is not held by what has been dismissed', () => {
    const { notices, pass, say, texts } = fixture();
    say('first');
    notices.hold();
    notices.drop(notices.get()[0]?.id ?? 0);
    say('second');
    pass(6000);
    expect(texts()).toEqual([]);
  });
  it('is at most three at once, the newest', () => {
    const { say, texts } = fixture();
    for (const text of ['a', 'b', 'c', 'd']) say(text, { failed: true });
    expect(texts()).toEqual(['b', 'c', 'd']);
  });
});
