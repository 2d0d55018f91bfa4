// `npm run test:mutation`: changes the code in a thousand small ways and asks that a test fails each time (docs/mutation.md).
// One file: `npm run test:mutation -- --mutate lib/core/view.ts`.

/** Ignored by git: the copies that are changed, the report, and what the last run found. */
const folder = '.cache/mutation';

export default {
  mutate: ['lib/{core,vault}/**/*.ts', '!lib/**/*.test.ts', '!lib/**/fixtures/**'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  // Nothing else is needed to run the tests of pure code, so nothing else is copied.
  ignorePatterns: [
    '**',
    '!lib/**/*',
    '!.wxt/tsconfig.json',
    '!tsconfig.json',
    '!vitest.mutation.config.ts',
    '!tests/setup-seed.ts',
    '!package.json',
  ],
  // A mutant that never ends is killed by the clock, one on a busy computer is not.
  timeoutMS: 20_000,
  tempDirName: `${folder}/copies`,
  cleanTempDir: 'always',
  incremental: true,
  incrementalFile: `${folder}/last.json`,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  htmlReporter: { fileName: `${folder}/report.html` },
  jsonReporter: { fileName: `${folder}/report.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
