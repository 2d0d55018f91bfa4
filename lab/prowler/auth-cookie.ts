import { hkdfSync, randomUUID } from 'node:crypto';
import { EncryptJWT, jwtDecrypt, type JWTPayload } from 'jose';
import type { ServerClock } from '../settings';

/** The cookie in which the console keeps its session: encrypted, and out of any script's reach. */
const sessionCookie = '__Secure-authjs.session-token';

// A cookie of 4096 bytes, less what its attributes may take.
const CHUNK = 3936;

/** Turns a session into cookies and back. */
export type AuthCookie = {
  /** What the cookies hold, or nothing when there are none, or they are too old, or not ours. */
  read(cookies: ReadonlyMap<string, string>): Promise<JWTPayload | undefined>;
  /** `Set-Cookie` lines that keep the session, and clear chunks it no longer needs. */
  write(session: JWTPayload, cookies: ReadonlyMap<string, string>, maxAgeMs: number): Promise<string[]>;
  /** `Set-Cookie` lines that clear it. */
  clear(cookies: ReadonlyMap<string, string>): string[];
};

/** Makes the cookie's reader and writer for one secret. */
export function createAuthCookie(secret: string, now: ServerClock): AuthCookie {
  const info = `Auth.js Generated Encryption Key (${sessionCookie})`;
  const key = new Uint8Array(hkdfSync('sha256', secret, sessionCookie, info, 64));
  return {
    async read(cookies) {
      const sealed = chunkNames(cookies)
        .map((name) => cookies.get(name) ?? '')
        .join('');
      if (sealed === '') return undefined;
      try {
        return (await jwtDecrypt(sealed, key, { currentDate: new Date(now()), clockTolerance: 15 })).payload;
      } catch {
        // Whatever is wrong with it, the vendor's answer is the same: nobody is signed in.
        return undefined;
      }
    },
    async write(session, cookies, maxAgeMs) {
      const iat = Math.floor(now() / 1000);
      const sealed = await new EncryptJWT(session)
        .setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512' })
        .setIssuedAt(iat)
        .setExpirationTime(iat + Math.floor(maxAgeMs / 1000))
        .setJti(randomUUID())
        .encrypt(key);
      const expires = new Date(now() + maxAgeMs).toUTCString();
      const chunks = chunk(sealed);
      const stale = chunkNames(cookies).filter((name) => !chunks.some(([kept]) => kept === name));
      return [
        ...stale.map(cleared),
        ...chunks.map(
          ([name, value]) => `${name}=${value}; Path=/; Expires=${expires}; HttpOnly; Secure; SameSite=Lax`,
        ),
      ];
    },
    clear: (cookies) => chunkNames(cookies).map(cleared),
  };
}

const cleared = (name: string): string => `${name}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`;

function chunkNames(cookies: ReadonlyMap<string, string>): string[] {
  return [...cookies.keys()]
    .filter((name) => name === sessionCookie || new RegExp(`^${sessionCookie}\\.\\d+$`).test(name))
    .sort((a, b) => Number(a.split('.').at(-1)) - Number(b.split('.').at(-1)));
}

function chunk(sealed: string): [name: string, value: string][] {
  if (sealed.length <= CHUNK) return [[sessionCookie, sealed]];
  const count = Math.ceil(sealed.length / CHUNK);
  return Array.from({ length: count }, (_, index) => [
    `${sessionCookie}.${index}`,
    sealed.slice(index * CHUNK, (index + 1) * CHUNK),
  ]);
}
