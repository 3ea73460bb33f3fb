import { ensureRuntime } from '@boocontrol/runtime';
import { launchBrowser } from './browser.js';
import { stateDir } from './project.js';
import { sharedPostgresUrl } from './shared-postgres.js';

/**
 * Fetches what tests need and are slow to fetch (NATS, PostgreSQL, a browser), and shows that the browser starts. The
 * shared PostgreSQL then runs as long as this process, so that not every package starts one.
 * @throws {Error} what stands in the way, with the way out
 */
export async function prefetch(log: (line: string) => void): Promise<void> {
  await ensureRuntime({ dir: stateDir(), log });
  const browser = await launchBrowser();
  await browser.close();
  await sharedPostgresUrl();
}
