import type { Cipher } from '../vault/vault';
import browser from './browser';
import { database } from './database';

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
  if (typeof held === 'string') {
    const raw = fromBase64url(held);
    // Should the database be gone, the key in memory is the last one: it is wrapped again before the browser closes.
    void rewrap(raw).catch(() => undefined);
    return keysFrom(raw);
  }
  const raw = await unwrapOrMake();
  await browser.storage.session.set({ dataKey: base64url(raw) });
  return keysFrom(raw);
}

/**
 * The data key: wrapped twice, in storage.local and beside the device key. Where neither can be unwrapped any more, what it sealed is
 * lost, each session says so when it is opened, and a new one is made for what comes.
 */
async function unwrapOrMake(): Promise<Uint8Array<ArrayBuffer>> {
  // Where local cannot be read, the other is beside the device key.
  const { key: local } = await browser.storage.local.get('key').catch((): { key?: unknown } => ({}));
  const db = await database();
  const [device, copy] = (await Promise.all([db.get('keys', 'device'), db.get('keys', 'wrapped')])) as [
    CryptoKey | undefined,
    unknown,
  ];
  for (const wrapped of [local, copy]) {
    if (!device || typeof wrapped !== 'string') continue;
    try {
      const raw = await decrypt(device, wrapped, 'data key');
      if (local !== wrapped || copy !== wrapped) await keepWrapped(wrapped);
      return raw;
    } catch {
      // Changed by the disk: perhaps the other is not.
    }
  }
  const raw = crypto.getRandomValues(new Uint8Array(32));
  await wrap(raw, device);
  return raw;
}

async function rewrap(raw: Uint8Array<ArrayBuffer>): Promise<void> {
  const device = (await (await database()).get('keys', 'device')) as CryptoKey | undefined;
  if (!device) await wrap(raw, device);
}

async function wrap(raw: Uint8Array<ArrayBuffer>, device: CryptoKey | undefined): Promise<void> {
  const made = device ?? (await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']));
  await (await database()).put('keys', made, 'device');
  await keepWrapped(base64url(await encrypt(made, crypto.getRandomValues(new Uint8Array(IV)), raw, 'data key')));
}

async function keepWrapped(wrapped: string): Promise<void> {
  await (await database()).put('keys', wrapped, 'wrapped');
  // One is enough, and the next worker finds that the other is missing.
  await browser.storage.local.set({ key: wrapped }).catch(() => undefined);
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
