import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

// A file that needs a document asks for one with `// @vitest-environment happy-dom`.
export default defineConfig({
  plugins: [await WxtVitest()],
  test: {
    include: [
      '{lib,components,entrypoints,lab,locales}/**/*.test.{ts,tsx}',
      'scripts/**/*.test.{ts,mjs}',
      'tests/contract/**/*.test.ts',
    ],
    environment: 'node',
    setupFiles: ['tests/setup-i18n.ts'],
    restoreMocks: true,
    // A slow machine is no defect.
    testTimeout: 60_000,
  },
});
