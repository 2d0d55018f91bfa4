import type { KeyRim, KeyRing, Secret } from '../vault/lock';
import { VaultError } from '../vault/stores';
import type { Cipher } from '../vault/vault';
import browser from './browser';
import { database } from './database';

const AES = { name: 'AES-GCM', length: 256 } as const;
/** Bytes of a GCM initialisation vector (NIST SP 800-38D §8.2.2: random, 96 bits). */
const IV = 12;

/**
 * Seals with a random data key. It is wrapped by a device key that cannot be exported, which stops other extensions, pages and
 * casual copies of the records, not somebody who takes the whole browser profile; or by a passphrase, which stops that one, too.
 */
export function openCipher(ring: KeyRing): Cipher {
  let last: { readonly raw: string; readonly keys: Promise<Keys> } | undefined;
  const ready = async (): Promise<Keys | undefined> => {
    const raw = await ring.raw();
    if (raw !== last?.raw) last = raw === undefined ? undefined : { raw, keys: keysFrom(fromBase64url(raw)) };
    return last?.keys;
  };
  const needed = async (): Promise<Keys> => {
    const keys = await ready();
    if (!keys) throw new VaultError({ code: 'vault_locked' });
    return keys;
  };
  return {
    async isOpen() {
      return (await ready()) !== undefined;
    },
    async seal(text, associated) {
      const { data } = await needed();
      return encrypt(data, new TextEncoder().encode(text), associated);
    },
    async open(sealed, associated) {
      const keys = await ready();
      if (typeof sealed !== 'string' || !keys) return undefined;
      return decrypt(keys.data, sealed, associated).then(
        (plain) => new TextDecoder().decode(plain),
        // Changed, moved or of another key: GCM says only no, and no is enough.
        () => undefined,
      );
    },
    async fingerprint(token) {
      const { digest } = await needed();
      return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', digest, new TextEncoder().encode(token)))).slice(
        0,
        16,
      );
    },
  };
}

/** Where the wrapped data key lies in storage.local, and in the database beside the device key; and the open one, in memory. */
const NAMES = { local: 'key', copy: 'wrapped', held: 'dataKey' } as const;
/** What a wrapped data key is bound to. */
const BOUND = 'data key';

/** The browser's part of the key ring. */
export const keyRim: KeyRim = {
  read: async (store) =>
    store === 'copy'
      ? (await database()).get('keys', NAMES.copy)
      : (await browser.storage.local.get(NAMES.local))[NAMES.local],
  async write(store, wrap) {
    if (store === 'local') return browser.storage.local.set({ [NAMES.local]: wrap });
    await changeKeys((keys) => keys.put(wrap, NAMES.copy));
  },
  // In memory for the next worker: a CryptoKey would come back from storage as {}, so the raw key is kept there.
  held: async () => (await browser.storage.session.get(NAMES.held))[NAMES.held] as string | undefined,
  hold: (raw) =>
    raw === undefined ? browser.storage.session.remove(NAMES.held) : browser.storage.session.set({ [NAMES.held]: raw }),
  async wrap(raw, by) {
    let key = await keyOf(by);
    if (!key) {
      key = await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']);
      const made = key;
      await changeKeys((keys) => keys.put(made, 'device'));
    }
    return encrypt(key, fromBase64url(raw), BOUND);
  },
  async unwrap(wrapped, by) {
    const key = await keyOf(by);
    return key && decrypt(key, wrapped, BOUND).then(base64url, () => undefined);
  },
  dropDevice: () => changeKeys((keys) => keys.delete('device')),
  draw: () => base64url(crypto.getRandomValues(new Uint8Array(32))),
};

/** Flushed: what the other store holds is given up next. */
async function changeKeys(act: (keys: Changing) => Promise<unknown>): Promise<void> {
  const transaction = (await database()).transaction('keys', 'readwrite', { durability: 'strict' });
  await Promise.all([act(transaction.store), transaction.done]);
}
type Changing = {
  readonly put: (value: unknown, name: string) => Promise<unknown>;
  readonly delete: (name: string) => Promise<unknown>;
};

async function keyOf(by: Secret): Promise<CryptoKey | undefined> {
  if (by === 'device') return (await database()).get('keys', 'device') as Promise<CryptoKey | undefined>;
  const typed = new TextEncoder().encode(by.passphrase.normalize('NFKC'));
  const key = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64url(by.salt), iterations: by.rounds };
  return crypto.subtle.deriveKey(how, key, AES, false, ['encrypt', 'decrypt']);
}

type Keys = { readonly data: CryptoKey; readonly digest: CryptoKey };

async function keysFrom(raw: Uint8Array<ArrayBuffer>): Promise<Keys> {
  const master = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']);
  const derive = (use: string, key: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]) =>
    crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(use) },
      master,
      key,
      false,
      usages,
    );
  const [data, digest] = await Promise.all([
    derive('seal', AES, ['encrypt', 'decrypt']),
    derive('fingerprint', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']),
  ]);
  return { data, digest };
}

async function encrypt(key: CryptoKey, plain: Uint8Array<ArrayBuffer>, associated: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const additionalData = new TextEncoder().encode(associated);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain);
  const whole = new Uint8Array(IV + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), IV);
  return base64url(whole);
}

async function decrypt(key: CryptoKey, sealed: string, associated: string): Promise<Uint8Array<ArrayBuffer>> {
  const whole = fromBase64url(sealed);
  const additionalData = new TextEncoder().encode(associated);
  const iv = whole.slice(0, IV);
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, whole.slice(IV)));
}

function base64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}
