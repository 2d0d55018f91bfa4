import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLab } from '../../../lab';
import type { Browser } from '../driver/driver';
import { launchChromium } from '../driver/chromium';
import { NoWindow } from '../driver/chromium-start';
import { story } from './story';

/** Access tokens of the demo live this long (ms): short enough to be outlived while one watches. */
const ACCESS_LIFE = 120_000;

/** How the demo is shown. `mayFallBack`: nobody asked for a window, so it plays without one where none opens. */
type Showing = {
  readonly folder: string;
  readonly headed: boolean;
  readonly mayFallBack: boolean;
  /** The browser and the lab stay, for somebody to try things by hand, until the browser is closed. */
  readonly stays: boolean;
};

/** Plays the demo; gives the exit code: 0 only if person, tenant and renewal were seen. */
export async function play({ folder, headed, mayFallBack, stays }: Showing): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const transcript: string[] = [];
  const startedAt = Date.now();
  const tell = (line: string): void => {
    const seconds = String(Math.round((Date.now() - startedAt) / 1000)).padStart(3);
    transcript.push(`${seconds} s  ${line}`);
    process.stdout.write(`${seconds} s  ${line}\n`);
  };

  const lab = await startLab({ accessLifeMs: ACCESS_LIFE });
  tell('The lab is up: cloud.prowler.com and api.prowler.com, on this machine.');
  let browser: Browser | undefined;
  try {
    let isShown = headed;
    const start = () => launchChromium({ network: lab, headed: isShown, say: tell });
    browser = await start().catch((cause: unknown) => {
      if (!mayFallBack || !(cause instanceof NoWindow)) throw cause;
      tell('No window opened here, so the demo plays by itself.');
      isShown = false;
      return start();
    });
    tell(`${browser.version} is up with Fob in it${isShown ? '' : ' (no window: the pictures show what it shows)'}.`);
    await story({ lab, browser, tell, picture: (name) => join(folder, `${name}.png`), accessLifeMs: ACCESS_LIFE });
    tell(`Done. Transcript and pictures: ${folder}`);
    if (stays && isShown) {
      const { email, password } = lab.prowler.people.ana;
      tell(`It stays open until you close it. At cloud.prowler.com one signs in as ${email} with ${password}`);
      while (isRunning(browser.pid())) await new Promise((later) => setTimeout(later, 1000));
    }
    return 0;
  } catch (error) {
    tell(`The demo did not get through: ${(error as Error).message}`);
    return 1;
  } finally {
    await browser?.close();
    await lab.close();
    writeFileSync(join(folder, 'transcript.txt'), `${transcript.join('\n')}\n`);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // It was closed.
  }
}
