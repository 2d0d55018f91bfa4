import type { Hono } from 'hono';
import { authenticate, type ApiEnv, type Caller } from './api-auth';
import { flagIn, limitIn } from './api-body';
import type { Deployment } from './deployment';
import { invalid } from './errors';
import type { TokenRecord } from './mint';
import { tokenDocument } from './token-document';
import { momentIn } from './when';
import { withChildren } from './world';

/** Mounts the list of tokens: the newest first, cut at the limit, with no way to go on but narrower times. */
export function mountTokenList(app: Hono<ApiEnv>, deployment: Deployment): void {
  app.get('/v1/tokens', ({ req }) => {
    const caller = authenticate(deployment, req.header('authorization'));
    const url = new URL(req.url);
    const limit = limitIn(url, 100);
    const passes = filterOf(url, deployment.now());
    const tokens = visibleTo(deployment, caller)
      .filter(passes)
      .toSorted((a, b) => b.iat - a.iat)
      .slice(0, limit)
      .map((record) => tokenDocument(deployment, record, { asListItem: true }));
    return Response.json({ limit, tokens });
  });
}

/** Owners see everybody's tokens in their organisation and below; others see their own. */
function visibleTo({ mint, world }: Deployment, { record: own, isOwner }: Caller): TokenRecord[] {
  const org = world.orgs.find(({ id }) => id === own.org);
  const orgs = new Set(org === undefined ? [] : withChildren(world, org).map(({ id }) => id));
  return mint.records.filter((one) => one.sub === own.sub || (isOwner && orgs.has(one.org)));
}

function filterOf(url: URL, nowMs: number): (one: TokenRecord) => boolean {
  const { searchParams: query } = url;
  const equal = (name: 'sub' | 'jti' | 'org' | 'session') => {
    const wanted = query.get(name);
    return (one: TokenRecord): boolean => wanted === null || one[name] === wanted;
  };
  const bound = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    const at = momentIn(text, nowMs);
    if (at === undefined) throw invalid(`'${name}' is not a date`);
    return at / 1000;
  };
  const within = (name: 'iat' | 'exp') => {
    const [from = -Infinity, to = Infinity] = [bound(`${name}_from`), bound(`${name}_to`)];
    return (one: TokenRecord): boolean => one[name] >= from && one[name] <= to;
  };
  const revoked = flagIn(url, 'revoked');
  const scopes = query.getAll('scopes').map(patternOf);
  const all = [
    equal('sub'),
    equal('jti'),
    equal('org'),
    equal('session'),
    within('iat'),
    within('exp'),
    (one: TokenRecord): boolean => revoked === undefined || one.revoked === revoked,
    (one: TokenRecord): boolean => scopes.every((pattern) => one.scopes.some((scope) => pattern.test(scope))),
  ];
  return (one) => all.every((passes) => passes(one));
}

/** `%` stands for anything. */
const patternOf = (wanted: string): RegExp =>
  new RegExp(`^${wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('%', '.*')}$`);
