import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Knip and vitest read a default export: the one place that has one.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // A color setting of the terminal that runs the tests must not reach what they compare.
    env: { NO_COLOR: '1' },
    testTimeout: 20_000,
    restoreMocks: true,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
