import { ensureRuntime, ensureSandbox } from '@boocontrol/runtime';
import { launchBrowser } from './browser.js';
import { stateDir } from './project.js';
import { prometheusPrograms } from './prometheus.js';
import { OPENAI_FOR_PYTHON, pythonWith } from './python.js';
import { sharedPostgresUrl } from './shared-postgres.js';

/**
 * Fetches what tests need and are slow to fetch (NATS, PostgreSQL, the sandbox, a browser, Prometheus, a client for Python),
 * and shows that the browser starts. The shared PostgreSQL then runs as long as this process, so that not every package
 * starts one.
 * @throws {Error} what stands in the way, with the way out; not for Prometheus and Python, whose tests are left out where
 *   there are none
 */
export async function prefetch(log: (line: string) => void): Promise<void> {
  const preparing = pythonWith(OPENAI_FOR_PYTHON);
  await ensureRuntime({ dir: stateDir(), log });
  await ensureSandbox({ dir: stateDir(), log });
  const browser = await launchBrowser();
  await browser.close();
  await sharedPostgresUrl();
  const prometheus = await prometheusPrograms();
  if ('missing' in prometheus) log(`The tests with Prometheus are left out: ${prometheus.missing}`);
  const python = await preparing;
  if ('missing' in python)
    log(`The test with ${OPENAI_FOR_PYTHON} for Python is left out: ${python.missing}`);
}
