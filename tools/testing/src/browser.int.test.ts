import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { launchBrowser } from './browser.js';

it(
  'opens several contexts, runs scripts, keeps origins apart and takes pictures',
  { timeout: 120_000 },
  async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await launchBrowser();
    try {
      const [one, two] = await Promise.all([browser.newContext(), browser.newContext()]);
      const [first, second] = await Promise.all([one.newPage(), two.newPage()]);
      await first.setContent('<h1>Fleet</h1><script>document.title = `${6 * 7}`</script>');
      await second.setContent('<h1>Activity</h1>');
      expect(await first.title()).toBe('42');
      expect(await second.locator('h1').textContent()).toBe('Activity');
      // The server allows no other origin to read its answers: with web security on, the page gets an error.
      let asked = 0;
      server.on('request', (_request, response) => {
        asked += 1;
        response.end('private');
      });
      const read = await first.evaluate(
        (url) =>
          fetch(url)
            .then((r) => r.text())
            .catch(() => 'refused'),
        `http://127.0.0.1:${port}/`,
      );
      expect([read, asked]).toEqual(['refused', 1]);
      expect((await first.screenshot()).subarray(1, 4).toString()).toBe('PNG');
    } finally {
      await browser.close();
      server.close();
    }
  },
);
