import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCodes, type Codes } from './codes';
import { addCustomer, addUser, emptyWorld, type User } from './world';

const world = emptyWorld();
const customer = addCustomer(world, Date.now, { name: 'Contoso Health', region: 'us' });
const user = addUser(world, { name: 'Eli', email: 'eli@contoso.example', customer });
const redirectUri = 'https://app-us.cloudcheckr.com/auth/callback';
const verifier = 'a word only the page knows';

let now = 0;
const given = (): { codes: Codes; take: (changes?: object) => User | undefined } => {
  const codes = createCodes(() => now);
  const code = codes.give({ user, redirectUri, challenge: createHash('sha256').update(verifier).digest('base64url') });
  return { codes, take: (changes = {}) => codes.take(code, { redirectUri, verifier, ...changes }) };
};

it('gives back who signed in, once', () => {
  const { take } = given();

  expect([take(), take()]).toEqual([user, undefined]);
});

it.each([{ verifier: 'another word' }, { redirectUri: 'https://thief.example/' }])(
  'gives nobody back for %j, and the code is spent',
  (changes) => {
    const { take } = given();

    expect([take(changes), take()]).toEqual([undefined, undefined]);
  },
);

it('forgets after a minute', () => {
  const { take } = given();

  now += 60_000;

  expect(take()).toBeUndefined();
});

it('knows no code it did not give', () => {
  expect(given().codes.take('x', { redirectUri, verifier })).toBeUndefined();
});
