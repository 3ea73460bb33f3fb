import { bootstrap, runMain } from '@boocontrol/platform';
import { loadGatewayConfig } from './config.js';
import { gatewayService } from './gateway.js';

await runMain(async () => {
  const { url, platform } = await bootstrap(gatewayService(loadGatewayConfig()));
  platform.log.info(`BooControl listens on ${url}`);
});
