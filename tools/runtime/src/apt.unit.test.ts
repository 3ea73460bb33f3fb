import { describe, expect, it } from 'vitest';
import { parsePrintUris } from './apt.js';

describe('parsePrintUris', () => {
  it('reads name, size and hash and skips everything else', () => {
    const hash = 'a'.repeat(64);
    const text = `W: a warning\n'http://m/pool/x_1%3a2_amd64.deb' x_1%3a2_amd64.deb 57680 SHA256:${hash}\n'http://m/y' y 1 MD5:00\n`;
    expect(parsePrintUris(text)).toEqual([{ file: 'x_1%3a2_amd64.deb', sizeBytes: 57680, sha256: hash }]);
  });
});
