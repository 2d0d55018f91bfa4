import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isFull = process.env.FOB_E2E_FULL === '1';
/** `npm run test:soak`: the loops alone, as long as they take. */
const isSoak = process.env.FOB_SOAK === '1';
const isFirefox = process.env.FOB_E2E_BROWSER === 'firefox';

/** Not about a browser at all, or about the files of Chromium's profile: run once, beside Chromium's. */
const once = ['tests/e2e/ending.test.ts', 'tests/e2e/profile-files.test.ts'];
/** The same behind both browsers, and minutes long: Firefox runs it in the full matrix. */
const inFull = [
  'worker-kills',
  'due-renewals',
  'answers',
  'agilicus',
  'apart',
  'cloudcheckr',
  'esper',
  'hands',
  'prowler-sign-in',
  'runai',
].map((name) => `tests/e2e/${name}.test.ts`);

/** What goes round and round: once or twice in `npm test`. */
const loops = ['vendor-kills', 'due-renewals', 'browser-kills', 'profile-files'].map(
  (name) => `tests/e2e/${name}.test.ts`,
);

/** Minutes each. One that starts last has a core to itself while the other idles. */
const long = [
  'worker-kills.test.ts',
  'unsent.test.ts',
  'due-renewals.test.ts',
  'profile-files.test.ts',
  'runai.test.ts',
  'main-job.test.ts',
  'hands.test.ts',
  'lock.test.ts',
  'cloudcheckr.test.ts',
  'agilicus.test.ts',
  'apart.test.ts',
  'answers.test.ts',
  'esper.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place === -1 ? long.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: isSoak ? [...loops, 'tests/e2e/engine.test.ts'] : ['tests/e2e/**/*.test.ts'],
    exclude: isFirefox && !isSoak ? [...once, ...(isFull ? [] : inFull)] : [],
    environment: 'node',
    // Each file has a browser of its own. Most of what it does is to wait for tokens to end: one more than cores fits in.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    maxWorkers: isSoak ? 1 : Math.min(3, availableParallelism() + 1),
    testTimeout: isSoak ? 4 * 3_600_000 : isFull ? 300_000 : 120_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
    slowTestThreshold: 15_000,
  },
});
