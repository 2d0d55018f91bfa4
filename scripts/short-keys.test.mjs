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

it('shortens what has a point in it wherever it is handed on, unless one of its group is put together', () => {
  const groups = `
    i18n.t('file.open'); say(isOn ? 'file.on' : "file.off"); file.shut();
    say(\`failure.\${code}.title\`); i18n.t('failure.busy.title'); say('tl.' + kind); say('tl.asked');
  `;
  const names = shortNames(
    ['file.open', 'file.on', 'file.off', 'file.shut', 'failure.busy.title', 'tl.asked'],
    [groups],
  );

  expect([...names.keys()]).toEqual(['file.open', 'file.on', 'file.off']);
  expect(withShortNames(groups, names)).toContain(`i18n.t('1'); say(isOn ? '2' : "3"); file.shut();`);
  expect(messagesByShortNames({ file_open: 'Open', file_shut: 'Shut' }, names)).toEqual({
    1: 'Open',
    file_shut: 'Shut',
  });
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
  expect(ownShortNames().size).toBeGreaterThan(600);
  expect(ownShortNames().has('appDescription')).toBe(false);
  expect([...ownShortNames().keys()].filter((key) => key.startsWith('failure.'))).toEqual([]);
});
