export * from './time.js';
export * from './key.js';
export * from './throughput.js';
export * from './fold.js';
export * from './link.js';
export * from './reconcile.js';
export * from './models.js';
