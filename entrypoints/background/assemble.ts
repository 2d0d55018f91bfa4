import { i18n } from '#i18n';
import { plain, present } from '../../components/names';
import { stateWord } from '../../components/state-word';
import { plan, WATCHDOG } from '../../lib/core/plan';
import { after, instant } from '../../lib/core/time';
import { roleOf, stateAt, type StoreHealth, type StoresHealth, type View } from '../../lib/core/view';
import { type Fob, lockedAs } from '../../lib/operations/fob';
import { viewOf } from '../../lib/operations/view';
import { arm, woken } from '../../lib/platform/alarm';
import { keyRim, openCipher } from '../../lib/platform/cipher';
import { clearLater } from '../../lib/platform/clipboard';
import { cover } from '../../lib/platform/cover';
import { follow } from '../../lib/platform/console-follow';
import { disk } from '../../lib/platform/disk';
import { mayReach, send } from '../../lib/platform/http';
import { pictureOf, showIcon } from '../../lib/platform/icon';
import { noteSince, noteTries, since, tries, watch } from '../../lib/platform/lock';
import { keepRegistered } from '../../lib/platform/register';
import { openTabs, originIn, tell } from '../../lib/platform/tabs';
import { writeSnapshot } from '../../lib/rpc/snapshot';
import { ladderOf } from '../../lib/vendors/index';
import { openKeyRing } from '../../lib/vault/lock';
import { openVault, type Vault } from '../../lib/vault/vault';

/** How each store is, by whether it answers and what was mended in it; nothing is known where nothing can be read. */
async function healthOf(vault: Vault): Promise<StoresHealth> {
  const [answers, { damage }] = await Promise.all([vault.answering(), vault.state()]);
  const one = (store: 'local' | 'copy'): StoreHealth => ({
    state: answers[store] ? (damage?.[store] ? 'mended' : 'well') : 'not_answering',
    mended: damage?.[store] ?? 0,
    lost: damage?.lost.length ?? 0,
  });
  return { local: one('local'), copy: one('copy') };
}
const UNREADABLE: StoreHealth = { state: 'unreadable', mended: 0, lost: 0 };

/** Puts the real clock, disk, network and browser behind the operations. */
export function assemble(): Fob {
  const now = () => instant(Date.now());
  const draw = () => Math.random();
  const tabs = openTabs();
  let shownLocked: boolean | undefined;
  const publish = inTurn(async () => {
    const view = await viewOf(fob);
    await writeSnapshot(view);
    const seen = await tabs.all();
    const isLocked = (view.lock?.is ?? 'open') !== 'open';
    // What tabs without a console show changes with the lock alone.
    if (shownLocked !== isLocked) {
      const title = isLocked ? i18n.t('failure.vault_locked.title') : i18n.t('appName');
      await showIcon(undefined, isLocked ? 'locked' : 'none', title);
      shownLocked = isLocked;
    }
    await Promise.all(Object.entries(seen).map(([tab, { console }]) => showTab(Number(tab), console, view, isLocked)));
  });
  const ring = openKeyRing(keyRim);
  const vault = openVault({
    disk,
    cipher: openCipher(ring),
    now,
    // Locked, nothing is due: it is looked again now and then, should nobody have told that Fob was opened.
    arm: async (state) => {
      const { wakeAt } = plan(Object.values(state.heads), now(), ladderOf);
      await arm(wakeAt && (await lockedAs(fob)) === 'lock' ? after(now(), WATCHDOG) : wakeAt, now());
    },
    changed: () => void publish(),
  });
  const fob: Fob = {
    vault,
    now,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    draw,
    newId: () => crypto.randomUUID(),
    send: ({ api }, request, how) => send(api, request, how),
    mayReach,
    tabs,
    follow,
    cover: async (own) => cover(await keepRegistered(own)),
    woken,
    clearLater,
    stores: {
      health: () => healthOf(vault).catch(() => ({ local: UNREADABLE, copy: UNREADABLE })),
      mend: vault.mend,
    },
    lock: { ring, since, noteSince, tries, noteTries, watch },
    publish,
  };
  return fob;

  async function showTab(tab: number, console: string, view: View, isLocked: boolean): Promise<void> {
    // Gone elsewhere: what it showed is nobody's business there.
    if ((await originIn(tab)) !== console) return tabs.set(tab, undefined);
    if (isLocked) {
      await showIcon(tab, 'locked', i18n.t('failure.vault_locked.title'));
      return tell(tab, 'changed');
    }
    const session = view.sessions.find((one) => one.id === view.tabs[tab]?.session);
    if (session) {
      const state = stateAt(session, now());
      const word = stateWord(session, state, now());
      present(view.preferences?.isMasked);
      const who = [session.tenant.name ?? session.tenant.id, session.person.name ?? session.person.email ?? ''];
      // The browser shows it as it is: a name must not turn or break the words around it.
      const title = [...who.map(plain), word].filter(Boolean).join(', ');
      await showIcon(tab, pictureOf(state, roleOf(state, now()) === 'soon'), title);
    } else await showIcon(tab, 'none', i18n.t('appName'));
    await tell(tab, 'changed');
  }
}

/** Runs one at a time; what is asked for meanwhile is one more run, not many. */
function inTurn(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return () => {
    if (!running) {
      running = run().finally(() => (running = undefined));
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        running = run().finally(() => (running = undefined));
        return running;
      });
    return next;
  };
}
