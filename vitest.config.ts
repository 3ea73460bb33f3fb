import { defineConfig } from 'vitest/config';

// One configuration for every package; the tier is in the file name (*.unit|int|e2e.test.ts).
// Decorator metadata: vitest 4 transforms with oxc, which otherwise takes the options from the covering tsconfig.
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
