import { createHmac, generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** Writes tokens as the realms do: RS256 for bearers, HS512 for what only the realm itself reads. */
export type Signer = {
  readonly publicKey: KeyObject;
  readonly keyId: string;
  bearer(claims: Claims): string;
  refresh(claims: Claims): string;
};

const generate = promisify(generateKeyPair);

// One per process: making it takes longer than most tests.
let keys: Promise<{ privateKey: KeyObject; publicKey: KeyObject }> | undefined;

/** Makes a signer. */
export async function createSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await (keys ??= generate('rsa', { modulusLength: 2048 }));
  const [keyId, ownKeyId, ownKey] = [name(), name(), randomBytes(64)];
  return {
    publicKey,
    keyId,
    bearer(claims) {
      const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: keyId })}.${encode(claims)}`;
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    refresh(claims) {
      const signed = `${encode({ alg: 'HS512', typ: 'JWT', kid: ownKeyId })}.${encode(claims)}`;
      return `${signed}.${createHmac('sha512', ownKey).update(signed).digest('base64url')}`;
    },
  };
}

const name = (): string => randomBytes(32).toString('base64url');

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
