import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const isFull = process.env.FOB_E2E_FULL === '1';

export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    environment: 'node',
    // Each file has a browser of its own, and a browser wants a core of its own.
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(3, availableParallelism())),
    testTimeout: isFull ? 300_000 : 120_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
    slowTestThreshold: 15_000,
  },
});
