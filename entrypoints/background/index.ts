import { defineBackground } from 'wxt/utils/define-background';
import { coverOpenTabs } from '../../lib/platform/cover';
import browser, { type Runtime } from '../../lib/platform/browser';
import { noteWake, WAKE } from '../../lib/platform/alarm';
import { clearClipboard, CLIPBOARD } from '../../lib/platform/clipboard';
import { closeToContentScripts } from '../../lib/platform/disk';
import { onFate } from '../../lib/platform/fate';
import { onAway } from '../../lib/platform/lock';
import { onWire } from '../../lib/platform/wire';
import { hear } from '../../lib/operations/hear';
import { away, startLock } from '../../lib/operations/lock';
import { mask } from '../../lib/operations/settings';
import { installed, missed, permitted, start, update, wake } from '../../lib/operations/wake';
import { serve } from '../../lib/rpc/serve';
import { assemble } from './assemble';

/** Wherever an API may be: the browser tells only of hosts that are allowed, and these patterns are there before any state is read. */
const WIRES = ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'];

/** The whole program. Listeners come before anything is awaited: a worker is woken only for what it listens to by then. */
export default defineBackground({
  main() {
    const fob = assemble();
    const coverOwn = async () => fob.cover((await fob.vault.state()).deployments);
    const hearAway = () => {
      onAway((why) => void away(fob, why));
      return startLock(fob);
    };
    const self = { id: browser.runtime.id, origin: browser.runtime.getURL('').replace(/\/$/, '') };

    browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender, answer) => {
      // Not every browser takes a promise for an answer (docs/adr/0013).
      void serve(fob, message, sender, self).then(answer);
      return true;
    });
    browser.alarms.onAlarm.addListener((alarm) => {
      if (alarm.name === CLIPBOARD) void clearClipboard();
      if (alarm.name !== WAKE) return;
      void noteWake(alarm.scheduledTime);
      void wake(fob);
    });
    browser.commands.onCommand.addListener((command) => command === 'mask' && void mask(fob));
    onFate(WIRES);
    onWire(WIRES, (request) => void hear(fob, request));
    browser.permissions.onAdded.addListener(
      () =>
        void coverOwn()
          .then(coverOpenTabs)
          .then(() => permitted(fob))
          .then(hearAway),
    );
    browser.permissions.onRemoved.addListener(() => void coverOwn().then(() => fob.publish()));
    browser.runtime.onStartup.addListener(() => void missed(fob).then(() => wake(fob)));
    browser.runtime.onUpdateAvailable.addListener(() => void update(fob, () => browser.runtime.reload()));
    browser.runtime.onInstalled.addListener(({ reason }) => {
      void coverOpenTabs();
      void installed(fob);
      if (reason === 'install') void fob.tabs.open('options.html#consent');
    });

    void closeToContentScripts();
    void hearAway()
      .then(() => start(fob))
      .then(coverOwn);
  },
});
