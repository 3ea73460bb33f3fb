export { loadGatewayConfig, type GatewayConfig } from './config.js';
export { gatewayService } from './gateway.js';
