import { randomUUID } from 'node:crypto';
import type { CloudCheckrSettings } from './settings';

/** A refusal, thrown where it is found out and written where answers are. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly target: string | null = null,
  ) {
    super(message);
  }
}

/** Nobody, or somebody no longer. */
export const unauthorized = (why?: string): ApiProblem =>
  new ApiProblem(401, 'Unauthorized', 'Authorization has been denied for this request.', {
    'WWW-Authenticate': why === undefined ? 'Bearer' : `Bearer error="invalid_token", error_description="${why}"`,
  });

/** A parameter that says nothing the server understands. */
export const badRequest = (target: string, message: string): ApiProblem =>
  new ApiProblem(400, 'BadRequest', message, {}, target);

/** The vendor's error model. */
const errorModel = ({ status, code, message, target }: ApiProblem): object => ({
  error: {
    httpStatusCode: status,
    code,
    message,
    target,
    details: [],
    innerError: {},
    correlationId: randomUUID(),
    developerInfo: { exceptionType: null, exceptionMessage: null, exceptionFullStack: null },
  },
});

/** A refusal as it goes out. */
export function problemAnswer(problem: ApiProblem, contentType: string, { errorBody }: CloudCheckrSettings): Response {
  const { status, headers } = problem;
  switch (errorBody) {
    case 'model':
      return new Response(JSON.stringify(errorModel(problem)), {
        status,
        headers: { ...headers, 'Content-Type': contentType },
      });
    case 'none':
      return new Response(null, { status, headers });
    case 'text':
      return new Response(problem.message, { status, headers: { ...headers, 'Content-Type': 'text/plain' } });
  }
}
