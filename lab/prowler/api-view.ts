import type { Context, Hono } from 'hono';
import { authenticate, type Caller } from './api-auth';
import type { Throttle } from './api-throttle';
import type { Deployment } from './deployment';
import { methodNotAllowed, notAcceptable, notAuthenticated, type Family } from './errors';

/** The environment the API's requests come with. */
export type ApiEnv = { Bindings: { readonly clientAddress: string } };

/** One request on its way through a view, after the checks every view makes. */
export type Asked = { readonly request: Request; readonly url: URL; readonly param: (name: string) => string };

/** A path of the API. */
export type View<Who extends Caller | undefined = Caller | undefined> = {
  readonly family: Family;
  readonly throttle?: Throttle;
} & { readonly [method in 'GET' | 'POST']?: (asked: Asked, caller: Who) => Response | Promise<Response> };

/** Mounts a view that anybody may ask: a wrong Authorization is refused all the same. */
export function mountOpen(app: Hono<ApiEnv>, path: string, deployment: Deployment, view: View): void {
  app.all(path, async (context) => {
    const { caller, handler, asked } = admit(context, deployment, view);
    return allowing(view, await handler(asked, caller));
  });
}

/** Mounts a view that asks who is there. */
export function mountClosed(app: Hono<ApiEnv>, path: string, deployment: Deployment, view: View<Caller>): void {
  app.all(path, async (context) => {
    const { caller, handler, asked } = admit(context, deployment, view, true);
    // `admit` has refused nobody's request.
    return allowing(view, await handler(asked, caller as Caller));
  });
}

/** The vendor's order of checks: Accept, Authorization, throttle, method; the body comes last, and is the handler's. */
function admit<Who extends Caller | undefined>(
  context: Context<ApiEnv>,
  deployment: Deployment,
  view: View<Who>,
  closed = false,
): { caller: Caller | undefined; handler: NonNullable<View<Who>['POST']>; asked: Asked } {
  const { req, env } = context;
  if (!accepts(req.header('accept'))) throw notAcceptable();
  const caller = authenticate(deployment, req.header('authorization') ?? '', view.family);
  if (closed && caller === undefined) throw notAuthenticated();
  view.throttle?.admit(caller?.person.id ?? req.header('x-forwarded-for') ?? env.clientAddress);
  const handler = req.method === 'GET' || req.method === 'POST' ? view[req.method] : undefined;
  if (handler === undefined) throw methodNotAllowed(req.method, allowed(view));
  return {
    caller,
    handler,
    asked: { request: req.raw, url: new URL(req.url), param: (name) => req.param(name) ?? '' },
  };
}

/** Only whether each is there is looked at. */
type Methods = { readonly GET?: unknown; readonly POST?: unknown };

const allowed = (view: Methods): string =>
  [...(['GET', 'POST'] as const).filter((method) => view[method] !== undefined), 'OPTIONS'].join(', ');

function allowing(view: Methods, answer: Response): Response {
  answer.headers.set('Allow', allowed(view));
  return answer;
}

function accepts(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const types = accept.split(',').map((type) => type.split(';', 1)[0]?.trim());
  return types.some((type) => type === '*/*' || type === 'application/*' || type === 'application/vnd.api+json');
}
