import { defineConfig } from 'vitest/config';

/** What `npm run test:mutants` runs in its copy of `lib`: tests that need nothing of WXT. */
export default defineConfig({
  test: {
    include: ['lib/**/*.test.ts'],
    environment: 'node',
    restoreMocks: true,
    // A busy computer kills no mutant.
    testTimeout: 300_000,
  },
});
