import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One configuration for every package; the tier is in the file name (*.unit|int|e2e.test.ts).
// Decorator metadata: vitest 4 transforms with oxc, which otherwise takes the options from the covering tsconfig.
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: false,
    setupFiles: [fileURLToPath(new URL('vitest.setup.ts', import.meta.url))],
    // How long a failure takes, not how fast a machine has to be.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // A worker takes one file after the other and loads NestJS, NATS and pg once: a third of the CPU time. What a test
    // needs to itself (a bus, a database, processes, hosts) it starts; what it changes in the process it puts back.
    isolate: false,
    unstubGlobals: true,
    // Compiled packages are imported as Node does it, and not transformed once more for every worker.
    server: { deps: { external: [/\/node_modules\//, /\/dist\//] } },
  },
});
