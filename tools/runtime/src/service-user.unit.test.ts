import { describe, expect, it } from 'vitest';
import { pickAccount } from './service-user.js';

describe('pickAccount', () => {
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';

  it('prefers an account of its own to nobody, and never takes root', () => {
    expect(pickAccount(`root:x:0:0::/root:/bin/sh\n${nobody}\n`)).toEqual({ uid: 65534, gid: 65534 });
    expect(pickAccount(`${nobody}\nboocontrol:x:998:997::/:/bin/false\n`)).toEqual({ uid: 998, gid: 997 });
    expect(pickAccount('boocontrol:x:0:0::/:/bin/false\n')).toBeUndefined();
  });
});
