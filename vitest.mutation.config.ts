import { defineConfig } from 'vitest/config';

/** What `npm run test:mutation` holds mutants against: the tests that lie beside the code, which need nothing of WXT. */
export default defineConfig({
  test: {
    include: ['lib/{core,vault}/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['tests/setup-seed.ts'],
    restoreMocks: true,
    // A busy computer kills no mutant.
    testTimeout: 60_000,
  },
});
