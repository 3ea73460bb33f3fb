import { describe, expect, it } from 'vitest';
import { explainBwrap } from './reason.js';
import { freeId } from './user.js';

const settings =
  (known: Record<string, string>) =>
  (name: string): string | undefined =>
    known[name];

describe('why bubblewrap does not start', () => {
  const said =
    'bwrap: No permissions to create a new namespace, likely because the kernel does not allow it.\n';

  it.each([
    ['kernel/unprivileged_userns_clone', '0', 'sysctl kernel.unprivileged_userns_clone=1'],
    [
      'kernel/apparmor_restrict_unprivileged_userns',
      '1',
      'sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    ['user/max_user_namespaces', '0', 'sysctl user.max_user_namespaces=10000'],
  ])('names the setting %s', (name, value, advice) => {
    const explained = explainBwrap(said, settings({ [name]: value }));
    expect(explained).toContain('No permissions to create a new namespace');
    expect(explained).toContain(advice);
  });

  it('thinks of a container where no setting forbids it', () => {
    expect(explainBwrap('bwrap: setting up uid map: Permission denied', settings({}))).toContain(
      'Inside a container',
    );
  });

  it('says nothing of namespaces when they are not what fails', () => {
    expect(explainBwrap("bwrap: Can't mkdir /work: No space left on device\n", settings({}))).toBe(
      "bwrap: Can't mkdir /work: No space left on device",
    );
    expect(explainBwrap('', settings({}))).toBe('bwrap ended without a word');
  });
});

describe('the user of the sandbox', () => {
  it('is one that nobody is', () => {
    expect(freeId('root:x:0:0::/:\n', 'root:x:0:\n')).toBe(65_533);
    expect(freeId('a:x:65533:1::/:\n', 'b:x:65532:\n')).toBe(65_531);
  });

  it('is refused where all are taken', () => {
    const passwd = Array.from({ length: 8 }, (_, index) => `u:x:${65_526 + index}:1::/:`).join('\n');
    expect(() => freeId(passwd, '')).toThrow('all taken');
  });
});
