// npm run docs: writes what is generated from the contracts.
import { prepare } from './prepare.mjs';

prepare();
await import('./dist/docs-cli.js');
