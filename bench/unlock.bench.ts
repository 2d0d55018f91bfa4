import { bench, describe } from 'vitest';
import { type KeyRim, openKeyRing, ROUNDS } from '../lib/vault/lock';

// A ratio against a baseline of the same run: to unlock may take 1.2 times a bare derivation by the same parameters.

const passphrase = 'correct horse battery staple';
const AES = { name: 'AES-GCM', length: 256 } as const;

async function derive(salt: string, iterations: number): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase), 'PBKDF2', false, [
    'deriveKey',
  ]);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: new TextEncoder().encode(salt), iterations };
  return crypto.subtle.deriveKey(how, key, AES, false, ['encrypt', 'decrypt']);
}

const iv = new Uint8Array(12);
const stored: Record<string, unknown> = {};
let held: string | undefined;
const rim: KeyRim = {
  read: async (store) => stored[store],
  write: async (store, wrap) => void (stored[store] = wrap),
  held: async () => held,
  hold: async (raw) => void (held = raw),
  async wrap(raw, by) {
    if (by === 'device') return btoa(raw);
    const key = await derive(by.salt, by.rounds);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(raw));
    return Buffer.from(sealed).toString('base64');
  },
  async unwrap(wrapped, by) {
    if (by === 'device') return atob(wrapped);
    const key = await derive(by.salt, by.rounds);
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, Buffer.from(wrapped, 'base64'));
    return new TextDecoder().decode(plain);
  },
  dropDevice: async () => undefined,
  draw: () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
};
await openKeyRing(rim).protect(passphrase);

describe('a passphrase', () => {
  bench('baseline: one bare derivation', async () => {
    await derive('as much salt as the other has, 43 letters..', ROUNDS);
  });
  bench('an unlock', async () => {
    held = undefined;
    if (!(await openKeyRing(rim).unlock(passphrase))) throw new Error('it opens');
  });
});
