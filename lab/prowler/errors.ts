/** One member of a JSON:API `errors` list. */
export type ErrorObject = {
  readonly detail: string;
  readonly status: string;
  readonly source?: { readonly pointer: string };
  readonly code: string;
};

/** An answer that is an error document: thrown where the trouble is found, rendered in one place. */
export class ApiProblem extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 409 | 415 | 429,
    readonly errors: readonly ErrorObject[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(errors[0]?.detail ?? 'an error document without errors');
  }
}

/** Token endpoints and resource endpoints put the same errors in different order. */
export type Family = 'token' | 'resource';

type Status = ApiProblem['status'];

const error = (status: Status, detail: string, code: string, pointer?: string): ErrorObject => ({
  detail,
  status: String(status),
  ...(pointer === undefined ? {} : { source: { pointer } }),
  code,
});

const one = (status: Status, detail: string, code: string, headers?: Record<string, string>): ApiProblem =>
  new ApiProblem(status, [error(status, detail, code, '/data')], headers);

/** A field's own complaint. */
export const fieldError = (field: string, detail: string, code: string): ErrorObject =>
  error(400, detail, code, `/data/attributes/${field}`);

/** Everything the fields complain about, in their order. */
export const invalidFields = (errors: readonly ErrorObject[]): ApiProblem => new ApiProblem(400, errors);

/** A complaint about the request as a whole. */
export const invalid = (detail: string): ApiProblem => one(400, detail, 'invalid');

/** Every reason for which a refresh token is not accepted: they cannot be told apart. */
export const refreshRefused = (): ApiProblem =>
  new ApiProblem(400, [fieldError('refresh', 'Invalid or expired token', 'invalid')]);

/** The server cannot sign. */
export const signingKeyMissing = (): ApiProblem =>
  new ApiProblem(400, [
    fieldError(
      'detail',
      'Token generation failed due to invalid key configuration. Provide valid DJANGO_TOKEN_SIGNING_KEY and ' +
        'DJANGO_TOKEN_VERIFYING_KEY in the environment.',
      'invalid',
    ),
  ]);

/** A body that cannot be read. */
export const parseError = (detail: string): ApiProblem => one(400, detail, 'parse_error');

/** A document of another type than the endpoint's. */
export const wrongType = (given: unknown, expected: string): ApiProblem =>
  one(
    409,
    `The resource object's type (${typeof given === 'string' ? given : 'None'}) is not the type that constitute the ` +
      `collection represented by the endpoint (${expected}).`,
    'error',
  );

/** A content type nobody reads here. */
export const unsupportedMediaType = (given: string): ApiProblem =>
  one(415, `Unsupported media type "${given}" in request.`, 'unsupported_media_type');

/** An Accept header that cannot be satisfied. */
export const notAcceptable = (): ApiProblem =>
  one(406, 'Could not satisfy the request Accept header.', 'not_acceptable');

/** A method the path does not know. */
export const methodNotAllowed = (method: string, allowed: string): ApiProblem =>
  one(405, `Method "${method}" not allowed.`, 'method_not_allowed', { Allow: allowed });

/** Too many, with the seconds to wait. */
export const throttled = (waitS: number): ApiProblem =>
  one(429, `Request was throttled. Expected available in ${waitS} second${waitS === 1 ? '' : 's'}.`, 'throttled', {
    'Retry-After': String(waitS),
  });

/** No credentials, or of a scheme nobody knows. Sent without `WWW-Authenticate`, as all of its family. */
export const notAuthenticated = (): ApiProblem =>
  one(401, 'Authentication credentials were not provided.', 'not_authenticated');

/** A bearer that is no live access token: always three errors. */
export function tokenNotValid(why: 'expired' | 'invalid' | 'wrong_type', family: Family): ApiProblem {
  const code = 'token_not_valid';
  const words = {
    expired: 'Token is expired',
    invalid: 'Token is invalid',
    wrong_type: 'Token has wrong type',
  } as const;
  const general = [
    error(401, 'Given token not valid for any token type', code, '/data'),
    error(401, 'token_not_valid', code, '/data'),
  ];
  return new ApiProblem(
    401,
    family === 'token'
      ? [...general, error(401, words[why], code, '/data/attributes/messages')]
      : [error(401, words[why], code), ...general],
  );
}

/** Credentials that name somebody who may not come in: the detail, then the word for it as a second error. */
export const authenticationFailed = (detail: string, word?: string): ApiProblem =>
  new ApiProblem(
    401,
    [detail, ...(word === undefined ? [] : [word])].map((each) => error(401, each, 'authentication_failed', '/data')),
  );

/** Somebody known, without the right. */
export const forbidden = (detail: string): ApiProblem => one(403, detail, 'permission_denied');

/** Nothing there. */
export const notFound = (detail = 'Not found.'): ApiProblem => one(404, detail, 'not_found');
