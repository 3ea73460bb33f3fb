export * from './definitions.js';
export * from './suite.js';
export * from './sample.js';
export * from './figures.js';
export * from './result.js';
export * from './runs.js';
