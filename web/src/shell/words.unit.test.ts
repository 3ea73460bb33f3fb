import { emptyHost } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { liveness, provider } from '../../testing/hosts';
import { announcements } from './announce';
import { lostWords } from './lost';

describe('announcements', () => {
  const host = (id: string, state: 'connected' | 'down') => ({
    ...emptyHost(id),
    liveness: liveness(id, 0, { state }),
  });
  const providers = ['a', 'b', 'c', 'd'].map((id) => provider(id, id.toUpperCase()));
  it('names the hosts whose connection changed', () => {
    expect(announcements({ a: host('a', 'connected') }, { a: host('a', 'down') }, providers, null, 0)).toBe(
      'A is down.',
    );
  });
  it('says nothing of a hidden host', () => {
    const hidden = [{ providerId: 'a', model: null, hiddenAt: '2026-11-21T12:00:00.000000Z' }];
    const marks = { favorites: [], hidden };
    const [before, after] = [{ a: host('a', 'connected') }, { a: host('a', 'down') }];
    expect(announcements(before, after, providers, marks, 0)).toBeNull();
  });
  it('gives only the number when many change at once', () => {
    const all = (state: 'connected' | 'down') =>
      Object.fromEntries(providers.map(({ id }) => [id, host(id, state)]));
    expect(announcements(all('connected'), all('down'), providers, null, 0)).toBe(
      '4 hosts changed their connection state.',
    );
  });
  it('is silent about a host that is seen for the first time, and about other changes', () => {
    expect(announcements({}, { a: host('a', 'down') }, providers, null, 0)).toBeNull();
    expect(announcements({ a: host('a', 'down') }, { a: host('a', 'down') }, providers, null, 0)).toBeNull();
  });
});

describe('a lost connection in words', () => {
  it('says that BooControl is shutting down', () => {
    expect(lostWords({ code: 'shutting_down', message: 'away' })).toBe(
      'BooControl is shutting down; retrying…',
    );
  });
  it('makes up no reason, and repeats one that it does not know', () => {
    expect(lostWords(null)).toBe('The live connection is lost; retrying…');
    expect(lostWords({ code: 'evicted', message: 'Another page took its place.' })).toBe(
      'BooControl closed the connection: Another page took its place. Retrying…',
    );
  });
});
