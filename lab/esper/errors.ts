import type { EsperSettings } from './settings';

/** A refusal, thrown where it is found out and written where answers are. */
export class ApiProblem extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405,
    message: string,
    /** What the framework says to the same. */
    readonly detail: string = message,
  ) {
    super(message);
  }
}

/** No key at all. */
export const noCredentials = (): ApiProblem =>
  new ApiProblem(401, 'Authentication credentials were not provided.', 'Authentication credentials were not provided.');

/** A key that is none, or none any more. */
export const invalidKey = (): ApiProblem => new ApiProblem(401, 'API key is invalid', 'Invalid token.');

/** Somebody known, without the right. */
export const forbidden = (): ApiProblem => new ApiProblem(403, 'You do not have permission to perform this action.');

/** Nothing there. */
export const notFound = (): ApiProblem => new ApiProblem(404, 'Not found.');

/** A refusal as it goes out. */
export function problemAnswer({ status, message, detail }: ApiProblem, { errorForm }: EsperSettings): Response {
  const headers = status === 401 ? { 'WWW-Authenticate': 'Bearer realm="api"' } : undefined;
  switch (errorForm) {
    case 'errors':
      return Response.json({ errors: [message], message, status }, { status, ...(headers && { headers }) });
    case 'detail':
      return Response.json({ detail }, { status, ...(headers && { headers }) });
    case 'text':
      return new Response(message, { status, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } });
  }
}
