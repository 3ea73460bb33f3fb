import { describe, expect, it } from 'vitest';
import { chooseHome } from './home.js';

describe('chooseHome', () => {
  const closedRoot = (folder: string): boolean => folder !== '/closed';

  it('stays where it is asked for as an ordinary user', () => {
    expect(chooseHome('/closed/x/.boocontrol', 1000, closedRoot).dir).toBe('/closed/x/.boocontrol');
  });

  it('stays as root when every parent is open', () => {
    expect(chooseHome('/srv/x/.boocontrol', 0, closedRoot)).toEqual({
      dir: '/srv/x/.boocontrol',
      movedBecause: undefined,
    });
  });

  it('moves as root when a parent is closed, to a place of its own for each clone', () => {
    const one = chooseHome('/closed/one/.boocontrol', 0, closedRoot);
    const two = chooseHome('/closed/two/.boocontrol', 0, closedRoot);
    expect(one.dir).toMatch(/^\/var\/lib\/boocontrol\/[0-9a-f]{12}$/);
    expect(one.dir).not.toBe(two.dir);
    expect(one.movedBecause).toContain('/closed ');
    expect(chooseHome('/closed/one/.boocontrol', 0, closedRoot)).toEqual(one);
  });
});
