import { expect, it } from 'vitest';
import { messagesByShortNames, ownShortNames, shortNames, withShortNames } from './short-keys.mjs';

const source = `
  i18n.t('greeting'); i18n.t('greeting', { name });
  i18n.t('close'); const kind = 'close';
  say(\`failure.\${code}\`); i18n.t('failure.title');
  name: '__MSG_appName__'; i18n.t('appName');
  say(isLate ? 'late' : 'early');
`;
const keys = ['greeting', 'close', 'failure', 'appName', 'late', 'early', '1'];

it('shortens what is only ever asked for as it stands, and nothing that is handed on', () => {
  expect([...shortNames(keys, [source])]).toEqual([['greeting', '2']]);
});

it('takes no name that another key has, in small letters or capitals', () => {
  const many = Array.from({ length: 40 }, (_, index) => `key${index}`);
  const names = shortNames([...many, 'A', 'b'], [many.map((key) => `i18n.t('${key}')`).join()]);

  expect(new Set([...names.values(), 'a', 'b']).size).toBe(42);
  expect([...names.values()].every((name) => /^[0-9a-z]+$/.test(name))).toBe(true);
});

it('puts the short names into the code and into the messages', () => {
  const names = new Map([['greeting', '2']]);

  expect(withShortNames(source, names)).toContain("i18n.t('2'); i18n.t('2', { name });");
  expect(withShortNames(source, names)).toContain("i18n.t('close'); const kind = 'close';");
  expect(messagesByShortNames({ greeting: { message: 'Hello' }, close: { message: 'Close' } }, names)).toEqual({
    2: { message: 'Hello' },
    close: { message: 'Close' },
  });
});

it('finds nearly every message of this repository', () => {
  expect(ownShortNames().size).toBeGreaterThan(400);
  expect(ownShortNames().has('appDescription')).toBe(false);
});
