import { openDB } from 'idb';
import { readFob } from '../vault/records';
import { type Cipher, VaultError } from '../vault/vault';
import browser from './browser';

const AES = { name: 'AES-GCM', length: 256 } as const;
/** Bytes of a GCM initialisation vector (NIST SP 800-38D §8.2.2: random, 96 bits). */
const IV = 12;

/**
 * Seals with a random data key. The data key is wrapped by a device key that cannot be exported: it stops other extensions,
 * pages and casual copies of the records, not somebody who takes the whole browser profile.
 */
export function openCipher(): Cipher {
  let keys: Promise<Keys> | undefined;
  const ready = (): Promise<Keys> =>
    (keys ??= loadKeys().catch((error: unknown) => {
      keys = undefined;
      throw error;
    }));
  return {
    async seal(text, associated) {
      const iv = crypto.getRandomValues(new Uint8Array(IV));
      const { data } = await ready();
      return base64url(await encrypt(data, iv, new TextEncoder().encode(text), associated));
    },
    async open(sealed, associated) {
      if (typeof sealed !== 'string') return undefined;
      const { data } = await ready();
      return decrypt(data, sealed, associated).then(
        (plain) => new TextDecoder().decode(plain),
        // Changed, moved or of another key: GCM says only no, and no is enough.
        () => undefined,
      );
    },
    async fingerprint(token) {
      const { digest } = await ready();
      return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', digest, new TextEncoder().encode(token)))).slice(
        0,
        16,
      );
    },
  };
}

type Keys = { readonly data: CryptoKey; readonly digest: CryptoKey };

async function loadKeys(): Promise<Keys> {
  // In memory for the next worker: a CryptoKey would come back from storage as {}, so the raw key is kept there.
  const { dataKey: held } = await browser.storage.session.get('dataKey');
  if (typeof held === 'string') return keysFrom(fromBase64url(held));
  const raw = await unwrapOrMake();
  await browser.storage.session.set({ dataKey: base64url(raw) });
  return keysFrom(raw);
}

async function unwrapOrMake(): Promise<Uint8Array<ArrayBuffer>> {
  const { key: wrapped, fob } = await browser.storage.local.get(['key', 'fob']);
  const database = await openDB('fob', 1, { upgrade: (db) => void db.createObjectStore('keys') });
  try {
    const device = (await database.get('keys', 'device')) as CryptoKey | undefined;
    if (device && typeof wrapped === 'string') return await decrypt(device, wrapped, 'data key');
    // Records that are there but cannot be opened any more are not written over with a new key.
    if (hasSessions(fob)) throw new VaultError({ code: 'vault_unreadable' });
    const made = device ?? (await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']));
    const raw = crypto.getRandomValues(new Uint8Array(32));
    await database.put('keys', made, 'device');
    const sealed = await encrypt(made, crypto.getRandomValues(new Uint8Array(IV)), raw, 'data key');
    await browser.storage.local.set({ key: base64url(sealed) });
    return raw;
  } finally {
    database.close();
  }
}

function hasSessions(fob: unknown): boolean {
  const reading = readFob(fob);
  return reading.kind === 'record' ? reading.record.sessions.length > 0 : reading.kind !== 'absent';
}

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

async function encrypt(
  key: CryptoKey,
  iv: Uint8Array<ArrayBuffer>,
  plain: Uint8Array<ArrayBuffer>,
  associated: string,
) {
  const additionalData = new TextEncoder().encode(associated);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain);
  const whole = new Uint8Array(IV + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), IV);
  return whole;
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
