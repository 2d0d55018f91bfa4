import * as v from 'valibot';
import type { HttpRequest, HttpResponse } from '../core/http';

/** The one media type of JSON:API 1.1 (https://jsonapi.org/format/). Prowler answers 415 and 406 to `application/json`. */
const JSON_API = 'application/vnd.api+json';

/** Reads a JSON:API resource. */
export function jsonApiGet(url: string, headers: Readonly<Record<string, string>>): HttpRequest {
  return { method: 'GET', url, headers: { accept: JSON_API, ...headers }, jsonTypes: [JSON_API] };
}

/** Posts one resource object, which needs no id: the server does not keep it. */
export function jsonApiPost(
  url: string,
  headers: Readonly<Record<string, string>>,
  resource: { readonly type: string; readonly attributes: Readonly<Record<string, string>> },
): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { accept: JSON_API, 'content-type': JSON_API, ...headers },
    body: JSON.stringify({ data: resource }),
    jsonTypes: [JSON_API],
  };
}

/** One item of an `errors` array; every member is optional in the format. */
export type JsonApiError = {
  readonly detail?: string | undefined;
  readonly code?: string | undefined;
  readonly source?: { readonly pointer?: string | undefined } | undefined;
};

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const errorDocument = v.object({
  errors: v.array(
    v.object({ detail: text, code: text, source: v.fallback(v.optional(v.object({ pointer: text })), undefined) }),
  ),
});

/** The errors an answer names; none when it is no error document. The order says nothing: look for some, not the first. */
export function jsonApiErrors(answer: HttpResponse): readonly JsonApiError[] {
  const parsed = v.safeParse(errorDocument, answer.json);
  return parsed.success ? parsed.output.errors : [];
}
