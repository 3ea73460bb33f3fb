export * from './time.js';
export * from './key.js';
export { sparkline, throughput } from './throughput.js';
export { applyFact, applyToFleet, changeModel, emptyFleet, emptyHost, mergeFleet, seedHost } from './fold.js';
export * from './time-to-unload.js';
export * from './address.js';
export { fits } from './glob.js';
export * from './prompt.js';
export { parseQuant, parseSize } from './model-name.js';
