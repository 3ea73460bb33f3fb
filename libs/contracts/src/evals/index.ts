export * from './checks.js';
export * from './code-tests.js';
export * from './tools.js';
export * from './suite.js';
export * from './runs.js';
export * from './leaderboard.js';
