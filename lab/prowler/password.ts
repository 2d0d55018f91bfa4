import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

// Cheap on purpose: the lab makes many accounts and guards nothing.
const cost = { N: 1024, r: 8, p: 1 };

/** The form in which a password is stored: salted, so that no two look alike. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16).toString('base64url');
  return `scrypt$${salt}$${scryptSync(password, salt, 32, cost).toString('base64url')}`;
}

/** Whether the password is the stored one. */
export function passwordMatches(password: string, stored: string): boolean {
  const [, salt = '', hash = ''] = stored.split('$');
  return timingSafeEqual(scryptSync(password, salt, 32, cost), Buffer.from(hash, 'base64url'));
}

/** The stamp tokens carry, by which those made before a change of password are told. */
export const passwordStamp = (stored: string): string => createHash('md5').update(stored).digest('hex').toUpperCase();
