// Tells what a browser fetches of script for each page, as brotli; fails when something is over its budget.
// Needs the export (`npm run build`). --list names the files.
import { launchBrowser } from '@boocontrol/testing';
import { measureScript } from '../dist/testing/script-size.js';

const browser = await launchBrowser();
try {
  for (const { name, kb, budgetKb, files } of await measureScript(browser)) {
    console.log(`${name}: ${kb.toFixed(1)} kB of ${budgetKb}`);
    if (process.argv.includes('--list'))
      for (const { path, kb: each } of files) console.log(`  ${each.toFixed(1)} kB ${path}`);
    if (kb > budgetKb) process.exitCode = 1;
  }
} finally {
  await browser.close();
}
