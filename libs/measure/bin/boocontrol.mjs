#!/usr/bin/env node
// Plain JavaScript, so that the link to it can be made before anything is compiled.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/cli/main.js', import.meta.url))) {
  const { main } = await import('../dist/cli/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    'boocontrol is not compiled yet. In the folder of the clone: npx tsc -b libs/measure\n',
  );
  process.exitCode = 2;
}
