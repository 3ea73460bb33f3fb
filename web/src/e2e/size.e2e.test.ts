import { launchBrowser } from '@boocontrol/testing';
import { expect, it } from 'vitest';
import { measureScript } from '../../testing/script-size';

it('no page fetches more script than its budget', async () => {
  const browser = await launchBrowser();
  try {
    const measured = await measureScript(browser);
    expect(measured.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['shell', '/', '/activity/', 'chart library']),
    );
    for (const { name, kb, budgetKb, files } of measured) {
      expect(files, name).not.toEqual([]);
      expect(kb, `kB of script: ${name}`).toBeLessThanOrEqual(budgetKb);
    }
  } finally {
    await browser.close();
  }
}, 120_000);
