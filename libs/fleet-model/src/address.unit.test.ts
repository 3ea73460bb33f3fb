import fc from 'fast-check';
import { BaseUrlSchema } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { normalAddress } from './address.js';

describe('one address in several forms', () => {
  it.each([
    ['http://localhost:8080', 'http://127.0.0.1:8080/'],
    ['http://localhost:8080', 'http://[::1]:8080'],
    ['http://localhost:8080', 'http://[0:0:0:0:0:0:0:1]:8080'],
    ['http://localhost:8080', 'http://[::ffff:127.0.0.1]:8080'],
    ['http://localhost:8080', 'http://0.0.0.0:8080'],
    ['http://localhost:8080', 'http://2130706433:8080'],
    ['http://localhost', 'http://LOCALHOST.:80//'],
    ['http://tower:8080', 'HTTP://Tower:8080/'],
    ['https://tower/llama', 'https://tower:443/llama/'],
  ])('%s is %s', (a, b) => {
    expect(normalAddress(b)).toBe(a);
    expect(normalAddress(a)).toBe(a);
  });

  it.each([
    ['http://tower:8080', 'http://tower:8081'],
    ['http://tower', 'https://tower'],
    ['http://tower', 'http://tower.lan'],
    ['http://tower/a', 'http://tower/A'],
    ['http://tower/a', 'http://tower/b'],
    ['http://127.0.0.1', 'http://127.0.0.2'],
  ])('%s is not %s', (a, b) => {
    expect(normalAddress(a)).not.toBe(normalAddress(b));
  });
});

const scheme = fc.constantFrom<'http' | 'https'>('http', 'https');
const name = fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('localhost', 'tower', 'a.local'));
const port = fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 65_535 }));
const path = fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), { maxLength: 3 });
const address = fc.record({ scheme, name, port, path });
type Address = typeof address extends fc.Arbitrary<infer T> ? T : never;

const text = ({ scheme, name, port, path }: Address): string =>
  [`${scheme}://${name}${port === null ? '' : `:${port}`}`, ...path].join('/');
/** The same address as somebody else might write it. */
const written = (
  each: Address,
  [upper, explicit, dot, slashes]: readonly [boolean, boolean, boolean, number],
): string => {
  const name = `${upper ? each.name.toUpperCase() : each.name}${dot ? '.' : ''}`;
  const usual = each.scheme === 'http' ? 80 : 443;
  const port = explicit && each.port === null ? usual : !explicit && each.port === usual ? null : each.port;
  const scheme = (upper ? each.scheme.toUpperCase() : each.scheme) as Address['scheme'];
  return text({ ...each, scheme, name, port }) + '/'.repeat(slashes);
};
const style = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.nat(3));

describe('the normal form', () => {
  it('is that of itself, and of what the schema makes of an address', () => {
    fc.assert(
      fc.property(address, (each) => {
        const normal = normalAddress(text(each));
        expect(normalAddress(normal)).toBe(normal);
        expect(normalAddress(BaseUrlSchema.parse(text(each)))).toBe(normal);
      }),
    );
  });

  it('does not depend on how the address is written', () => {
    fc.assert(
      fc.property(address, style, style, (each, a, b) => {
        expect(normalAddress(written(each, a))).toBe(normalAddress(written(each, b)));
      }),
    );
  });

  it('tells ports and paths apart', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 1024, max: 65_535 }), fc.nat(1000), (each, other, n) => {
        fc.pre(each.port !== other);
        const normal = normalAddress(text(each));
        expect(normalAddress(text({ ...each, port: other }))).not.toBe(normal);
        expect(normalAddress(text({ ...each, path: [...each.path, `p${n}`] }))).not.toBe(normal);
      }),
    );
  });
});
