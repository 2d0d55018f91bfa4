/** The statuses in which the control plane says no. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 500;

/** An answer that is the control plane's error document. */
export class ApiProblem extends Error {
  constructor(
    readonly status: ErrorStatus,
    message: string,
    readonly details?: string,
  ) {
    super(message);
  }

  /** The document. */
  answer(): Response {
    const { status, message, details } = this;
    return Response.json({ code: status, message, ...(details === undefined ? {} : { details }) }, { status });
  }
}

/** Something that must be there is not. */
export const missing = (name: string): ApiProblem => new ApiProblem(400, 'Required parameter is missing', name);

/** A body nobody can read. */
export const badBody = (): ApiProblem => new ApiProblem(400, 'Invalid request body');

/** Nobody said who they are, or the bearer is none of this tenant's. */
export const foreignIssuer = (): ApiProblem => new ApiProblem(401, 'Issuer is not familiar.');

/** A bearer whose time, or session, is over. */
export const deadBearer = (): ApiProblem => new ApiProblem(401, 'Unauthorized', 'Token is expired');

/** Somebody known, without the right. */
export const forbidden = (): ApiProblem => new ApiProblem(403, 'You do not have sufficient permissions.');

/** A path that this version does not have: the router's own words, not the API's. */
export const noSuchPath = (): Response => new Response('404 page not found\n', { status: 404 });
