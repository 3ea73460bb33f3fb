import { scale } from './scale.js';
await scale(process.argv.slice(2).map(Number));
