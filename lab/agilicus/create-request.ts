import { needText, needTexts, optionalObject } from './api-body';
import type { Deployment } from './deployment';
import { ApiProblem, invalid } from './errors';
import { membershipIn, type Membership } from './world';

/** What somebody wants a token for. */
export type CreateRequest = {
  readonly sub: string;
  readonly org: string;
  readonly audiences: readonly string[];
  readonly durationMs: number | undefined;
  /** As asked; a trailing `?` makes one optional. */
  readonly scopes: readonly string[];
  readonly hosts: readonly unknown[];
  readonly session: string | undefined;
  readonly inheritSession: boolean;
  readonly wantsRefreshToken: boolean;
  readonly wantsUser: boolean;
};

/** Reads a request to make a token, refusing one that lacks what is required. */
export function readCreateRequest(body: Record<string, unknown>, durationUnitMs: number): CreateRequest {
  const validity = optionalObject(body, 'time_validity');
  if (validity === undefined) throw invalid("'time_validity' is a required property");
  const { duration } = validity;
  if (duration !== undefined && (typeof duration !== 'number' || duration <= 0)) {
    throw invalid("'duration' must be a positive integer");
  }
  return {
    sub: needText(body, 'sub'),
    org: needText(body, 'org'),
    audiences: needTexts(body, 'audiences'),
    durationMs: duration === undefined ? undefined : duration * durationUnitMs,
    scopes: body.scopes === undefined ? [] : needTexts(body, 'scopes'),
    hosts: Array.isArray(body.hosts) ? body.hosts : [],
    session: typeof body.session === 'string' ? body.session : undefined,
    inheritSession: body.inherit_session !== false,
    wantsRefreshToken: body.create_refresh_token === true,
    wantsUser: body.get_user === true,
  };
}

/** The scopes the person would get, or the vendor's refusal. */
export function permittedScopes({ world }: Deployment, { sub, org, scopes }: CreateRequest): readonly string[] {
  const person = world.people.find(({ id }) => id === sub);
  const membership = membershipIn(world, sub, org);
  if (person === undefined || !person.isActive || membership === undefined) throw notPermitted();
  const kept = scopes.filter((scope) => !scope.endsWith('?') || mayHave(membership, scope.slice(0, -1)));
  if (kept.some((scope) => !scope.endsWith('?') && !mayHave(membership, scope))) throw notPermitted();
  return kept.map((scope) => scope.replace(/\?$/, ''));
}

/** Only owners may administer users. */
const mayHave = ({ role }: Membership, scope: string): boolean =>
  role === 'owner' || !scope.startsWith('urn:agilicus:users');

/** A request for what one may not have. */
export const notPermitted = (): ApiProblem => new ApiProblem(403, 'invalid_token_request', 'Token request is invalid');
