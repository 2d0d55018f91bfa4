// Runs beside a process that owns browsers and profiles, and cleans up once that process is gone however it went:
// a process that is killed outright runs no handler of its own. It learns of the end by its input closing.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const groups = new Set();
const folders = new Set();

// Whoever ends the owner's terminal must not end its guard first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { verb, group, folder } = JSON.parse(line);
    const set = group === undefined ? folders : groups;
    set[verb](group ?? folder);
  })
  .on('close', () => {
    for (const group of groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // Already gone, which is what was wanted.
      }
    }
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    process.exit();
  });
