import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inlineScriptHashes, pageCsp } from './headers.js';

const hash = (code: string): string => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;

describe('the policy of a page', () => {
  it('allows the inline scripts that are in it, and no others', () => {
    const html = `<script>one()</script><script id="x" async>two()\n</script><script src="/a.js"></script>
      <script async="" src="/b.js"></script><script>one()</script>`;
    expect(inlineScriptHashes(html)).toEqual([hash('one()'), hash('two()\n')]);
    expect(pageCsp(html)).toContain(`script-src 'self' ${hash('one()')} ${hash('two()\n')};`);
  });

  it('never allows any inline script', () => {
    const scripts = pageCsp('<p>')
      .split('; ')
      .find((part) => part.startsWith('script-src'));
    expect(scripts).toBe("script-src 'self'");
  });

  it('cannot be framed, nor given another base', () => {
    expect(pageCsp('')).toContain("frame-ancestors 'none'");
    expect(pageCsp('')).toContain("base-uri 'none'");
  });
});
