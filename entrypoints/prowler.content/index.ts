import { defineContentScript } from 'wxt/utils/define-content-script';
import { prowlerSession } from '../../lib/detect/prowler';
import { attendConsole } from '../../lib/detect/attend';
import { isVisible, onPageRead, readSession } from '../../lib/platform/page';
import { onChanged, onNotice } from '../../lib/rpc/client';
import { call } from '../../lib/rpc/console-call';
import { offer } from '../../lib/rpc/neighbour';

export default defineContentScript({
  matches: ['https://cloud.prowler.com/*'],
  runAt: 'document_start',
  main(context) {
    const attention = attendConsole(prowlerSession, {
      now: () => Date.now(),
      isVisible,
      read: () => readSession(prowlerSession.path),
      mayLook: async () => {
        const answer = await call('attend', {});
        return answer.ok && answer.value.mayLook;
      },
      capture: (found) => call('capture', found),
      signOut: () => call('sign_out', {}),
    });
    context.onInvalidated(offer({ call, onChanged, isAlive: () => context.isValid }));
    context.onInvalidated(onPageRead(prowlerSession.path, attention.pageHasRead));
    context.onInvalidated(
      onNotice((notice) => {
        if (notice === 'look') attention.lookAgain();
      }),
    );
  },
});
