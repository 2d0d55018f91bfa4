import { plain, present } from '../../components/names';
import { stateWord } from '../../components/state-word';
import { plan } from '../../lib/core/plan';
import { instant } from '../../lib/core/time';
import { roleOf, stateAt, type StoreHealth, type StoresHealth, type View } from '../../lib/core/view';
import type { Fob } from '../../lib/operations/fob';
import { viewOf } from '../../lib/operations/view';
import { arm, woken } from '../../lib/platform/alarm';
import { openCipher } from '../../lib/platform/cipher';
import { clearLater } from '../../lib/platform/clipboard';
import { cover } from '../../lib/platform/cover';
import { follow } from '../../lib/platform/console-follow';
import { disk } from '../../lib/platform/disk';
import { mayReach, send } from '../../lib/platform/http';
import { pictureOf, showIcon } from '../../lib/platform/icon';
import { keepRegistered } from '../../lib/platform/register';
import { openTabs, originIn, tell } from '../../lib/platform/tabs';
import { writeSnapshot } from '../../lib/rpc/snapshot';
import { ladderOf } from '../../lib/vendors/index';
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
  const publish = inTurn(async () => {
    const view = await viewOf(fob);
    await writeSnapshot(view);
    await Promise.all(Object.keys(view.tabs).map((tab) => showTab(Number(tab), view)));
  });
  const vault = openVault({
    disk,
    cipher: openCipher(),
    now,
    arm: (state) => arm(plan(Object.values(state.heads), now(), ladderOf).wakeAt, now()),
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
    publish,
  };
  return fob;

  async function showTab(tab: number, view: View): Promise<void> {
    // Gone elsewhere: what it showed is nobody's business there.
    if ((await originIn(tab)) !== view.tabs[tab]?.console) return tabs.set(tab, undefined);
    const session = view.sessions.find((one) => one.id === view.tabs[tab]?.session);
    if (session) {
      const state = stateAt(session, now());
      const word = stateWord(session, state, now());
      present(view.preferences?.isMasked);
      const who = [session.tenant.name ?? session.tenant.id, session.person.name ?? session.person.email ?? ''];
      // The browser shows it as it is: a name must not turn or break the words around it.
      const title = [...who.map(plain), word].filter(Boolean).join(', ');
      await showIcon(tab, pictureOf(state, roleOf(state, now()) === 'soon'), title);
    } else await showIcon(tab, 'none', '');
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
