import { bootstrap, runMain } from '@boocontrol/platform';
import { loadGatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { httpAdapter } from './http/adapter.js';
import { HttpServer } from './http-server.js';
import { readDeclarations } from './registry/declarations.js';

await runMain(() => {
  const config = loadGatewayConfig();
  const { BOOCONTROL_CONFIG: file, BOOCONTROL_SEED: seed, BOOCONTROL_ALLOW_LINK_LOCAL: linkLocal } = config;
  const module = GatewayModule.of(readDeclarations(file, seed, linkLocal));
  return bootstrap({
    name: 'gateway',
    config,
    module,
    http: { adapter: httpAdapter(), mount: (app) => app.get(HttpServer).mount(app) },
  });
});
