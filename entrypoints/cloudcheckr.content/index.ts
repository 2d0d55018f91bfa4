import { defineContentScript } from 'wxt/utils/define-content-script';
import { onChanged } from '../../lib/rpc/client';
import { call } from '../../lib/rpc/console-call';
import { offer } from '../../lib/rpc/neighbour';

export default defineContentScript({
  matches: [
    'https://app-us.cloudcheckr.com/*',
    'https://app-eu.cloudcheckr.com/*',
    'https://app-au.cloudcheckr.com/*',
    'https://app-gov.cloudcheckr.com/*',
  ],
  runAt: 'document_start',
  main(context) {
    // There is nothing to read here: the background hears what the page sends. It is awake in time if it is told of the page.
    context.onInvalidated(offer({ call, onChanged, isAlive: () => context.isValid }));
    void call('attend', {});
  },
});
