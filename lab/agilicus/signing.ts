import { generateKeyPair, randomBytes, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The vendor's key: the API signs with it, and so do its issuers. */
export type Signer = {
  readonly publicJwk: JsonWebKey & { readonly kid: string };
  readonly privateJwk: JsonWebKey & { readonly kid: string };
  sign(claims: Readonly<Record<string, unknown>>): string;
};

const generate = promisify(generateKeyPair);

// One per process: making it takes longer than most tests.
let keys: Promise<{ privateKey: KeyObject; publicKey: KeyObject }> | undefined;

/** Makes a signer of ES256. */
export async function createSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await (keys ??= generate('ec', { namedCurve: 'P-256' }));
  const named = { kid: randomBytes(16).toString('hex'), alg: 'ES256', use: 'sig' };
  return {
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...named },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...named },
    sign(claims) {
      const signed = `${encode({ alg: 'ES256', typ: 'JWT', kid: named.kid })}.${encode(claims)}`;
      const signature = sign('SHA256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
