import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const isFull = process.env.FOB_E2E_FULL === '1';
const isFirefox = process.env.FOB_E2E_BROWSER === 'firefox';

/** Not about a browser at all: run once, beside Chromium's. */
const once = ['tests/e2e/ending.test.ts'];
/** The same engine behind both browsers: Firefox runs it in the full matrix. */
const inFull = ['tests/e2e/worker-kills.test.ts', 'tests/e2e/answers.test.ts'];

export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    exclude: isFirefox ? [...once, ...(isFull ? [] : inFull)] : [],
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
