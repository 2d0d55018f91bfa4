import { defineContentScript } from 'wxt/utils/define-content-script';
import { onChanged } from '../../lib/rpc/client';
import { call } from '../../lib/rpc/console-call';
import { offer } from '../../lib/rpc/neighbour';
import { isEsperConsole } from '../../lib/vendors/esper-detect';

export default defineContentScript({
  matches: ['https://*.esper.cloud/*'],
  runAt: 'document_start',
  main(context) {
    // No pattern tells a tenant's console from the vendor's other hosts.
    if (!isEsperConsole(location.hostname)) return;
    // There is nothing to read here: the background hears what the page sends. It is awake in time if it is told of the page.
    context.onInvalidated(offer({ call, onChanged, isAlive: () => context.isValid }));
    void call('attend', {});
  },
});
