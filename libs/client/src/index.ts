export { compareFencingTokens } from './leases/fencing-token.js';
