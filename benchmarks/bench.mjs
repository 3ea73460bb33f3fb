// npm run bench [name …]: what the README of this folder lists.
import { bin, buildWeb, fail, prepare, root, run } from '../tools/up/prepare.mjs';

prepare();
if (!run(bin('tsc'), ['-b', `${root}/benchmarks`]))
  fail('The benchmarks do not compile; the errors stand above.');
if (process.argv.some((name) => name === 'web' || name === 'logs')) buildWeb();
await import('./dist/main.js');
