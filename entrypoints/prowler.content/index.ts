import { defineContentScript } from 'wxt/utils/define-content-script';
export default defineContentScript({ matches: ['https://cloud.prowler.com/*'], runAt: 'document_start', main() {} });
