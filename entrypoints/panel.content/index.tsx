import { render } from 'preact';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { mountPanel } from './mount';
import { Panel } from './panel';

export default defineContentScript({
  registration: 'runtime',
  matches: ['https://cloud.prowler.com/*'],
  // The sheets go into the shadow root: nothing of Fob is injected into the page or accessible to it.
  cssInjectionMode: 'manual',
  main(ctx) {
    const place = mountPanel(document);
    render(<Panel host={place.host} />, place.root);
    // A newer copy of this script, or Fob's removal, ends this one: a page never has two panels.
    ctx.onInvalidated(() => {
      render(null, place.root);
      place.remove();
    });
  },
});
