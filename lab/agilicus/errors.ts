/** The statuses in which the API says no. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 410;

/** An answer that is an `ErrorMessage`. */
export class ApiProblem extends Error {
  constructor(
    readonly status: ErrorStatus,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** The document. */
  answer(): Response {
    return Response.json({ error_code: this.code, error_message: this.message }, { status: this.status });
  }
}

/** A body or query that cannot be what was meant. */
export const invalid = (message: string): ApiProblem => new ApiProblem(400, 'invalid_request', message);

/** Nobody is there, or nobody any longer. */
export const unauthorized = (message = 'The access token is missing, expired or revoked'): ApiProblem =>
  new ApiProblem(401, 'unauthorized', message);

/** Somebody, without the right. */
export const forbidden = (message: string): ApiProblem => new ApiProblem(403, 'forbidden', message);

/** Nothing there. */
export const notFound = (message: string): ApiProblem => new ApiProblem(404, 'not_found', message);
