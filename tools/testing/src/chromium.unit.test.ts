import { expect, it } from 'vitest';
import { parseMissing } from './chromium.js';

it('reads the libraries that ldd does not find', () => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x00007ffd)',
    '\tlibnss3.so => not found',
    '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f2a)',
    '\tlibexpat.so.1 => not found',
  ].join('\n');
  expect(parseMissing(ldd)).toEqual(['libnss3.so', 'libexpat.so.1']);
});
