import type { HttpRequest } from '../core/http';

/** The header that carries a token (RFC 6750 §2.1). */
const bearer = (access: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${access}` });

/** An id as one part of a path. Half a character, which JSON can carry, would throw. */
export const segment = (id: string): string => encodeURIComponent(id.replaceAll(/\p{Surrogate}/gu, '\u{fffd}'));

/** A request that wants JSON back. `access`: the token it is asked with, if any; `body`: what it carries and its media type. */
export function ask(
  method: HttpRequest['method'],
  url: string,
  access?: string,
  body?: { readonly type: string; readonly text: string },
): HttpRequest {
  return {
    method,
    url,
    headers: {
      accept: 'application/json',
      ...(access === undefined ? {} : bearer(access)),
      ...(body && { 'content-type': body.type }),
    },
    ...(body && { body: body.text }),
    jsonTypes: ['application/json'],
  };
}

/** A form, as OAuth's token endpoints want it (RFC 6749 appendix B). */
export const form = (fields: Readonly<Record<string, string>>) => ({
  type: 'application/x-www-form-urlencoded',
  text: new URLSearchParams(fields).toString(),
});

/** A JSON document. */
export const json = (document: unknown) => ({ type: 'application/json', text: JSON.stringify(document) });

/** A reading request as text for a terminal. */
export const curl = ({ url, headers }: HttpRequest): string =>
  [`curl '${url}'`, ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`)].join(' \\\n  ');
