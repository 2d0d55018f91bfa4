import type { Deployment } from './deployment';
import { unauthorized } from './errors';
import type { Region } from './regions';
import type { IssuedToken } from './tokens';

/** What the server would say to a token now, and why. */
export type TokenState = 'live' | 'expired' | 'revoked' | 'exchanged' | 'owner_gone' | 'not_ours';

/** Judges a token of a region. */
export function tokenState({ world, mint, now }: Deployment, token: string, region: Region): TokenState {
  const found = mint.find(token, region);
  if (found === undefined) return 'not_ours';
  const { claims, owner, ended } = found;
  if (ended !== undefined) return ended;
  const owners: readonly unknown[] = owner.kind === 'user' ? world.users : world.clients;
  if (!owners.includes(owner) || (owner.kind === 'user' && !owner.isActive)) return 'owner_gone';
  // No leeway, to the second.
  return claims.exp * 1000 <= now() ? 'expired' : 'live';
}

/** Reads the Authorization header: the token it bears, or a refusal. */
export function authenticate(deployment: Deployment, authorization: string | undefined, region: Region): IssuedToken {
  const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  const state = tokenState(deployment, token, region);
  const found = deployment.mint.find(token, region);
  if (found === undefined || state !== 'live') {
    throw unauthorized(state === 'expired' ? 'The token is expired' : 'The token is not valid');
  }
  return found;
}
