import { generateChromeMessagesText, parseMessagesFile } from '@wxt-dev/i18n/build';
import { fakeBrowser } from 'wxt/testing/fake-browser';

type ChromeMessages = Record<string, { readonly message: string }>;

const messages: ChromeMessages = JSON.parse(generateChromeMessagesText(await parseMessagesFile('locales/en.json')));

// Tests read the words people read. The fake browser has no messages of its own.
fakeBrowser.i18n.getMessage = (name, substitutions = []) => {
  const words = [substitutions].flat().map(String);
  const message = messages[name]?.message ?? '';
  return message.replace(/\$([1-9$])/g, (_, which) => (which === '$' ? '$' : (words[Number(which) - 1] ?? '')));
};
