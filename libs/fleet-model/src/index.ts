export * from './time.js';
export * from './key.js';
export * from './throughput.js';
export * from './fold.js';
export * from './time-to-unload.js';
export * from './address.js';
