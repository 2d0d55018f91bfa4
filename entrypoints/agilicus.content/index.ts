import { defineContentScript } from 'wxt/utils/define-content-script';
import { agilicusStorage } from '../../lib/detect/agilicus';
import { attendStorage } from '../../lib/detect/attend-storage';
import { onStored, pageStores } from '../../lib/platform/page';
import { onChanged, onNotice } from '../../lib/rpc/client';
import { call } from '../../lib/rpc/console-call';
import { offer } from '../../lib/rpc/neighbour';

/** How often a console in view is looked at for what it has written itself (ms). */
const GLANCE = 2000;

export default defineContentScript({
  // In no manifest: its consoles stand beside customers' own applications, and each is allowed by itself.
  registration: 'runtime',
  runAt: 'document_start',
  main(context) {
    const attention = attendStorage({
      now: () => Date.now(),
      read: () => agilicusStorage.read(pageStores(), new URL(location.origin), Date.now()),
      mayLook: async () => {
        const answer = await call('attend', {});
        return answer.ok && answer.value.mayLook;
      },
      capture: (found) => call('capture', found),
      signOut: () => call('sign_out', {}),
    });
    context.onInvalidated(offer({ call, onChanged, isAlive: () => context.isValid }));
    context.onInvalidated(onStored(attention, GLANCE));
    context.onInvalidated(
      onNotice((notice) => {
        if (notice === 'look') attention.look();
      }),
    );
  },
});
