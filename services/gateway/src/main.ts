import { bootstrap } from '@boocontrol/platform';
import { loadGatewayConfig } from './config.js';
import { gatewayService } from './gateway.js';

try {
  const { url, platform } = await bootstrap(gatewayService(loadGatewayConfig()));
  platform.log.info(`BooControl listens on ${url}`);
} catch (error) {
  // Before there is a logger: a variable or the fleet file is wrong. The message says which and what to do.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
