import { expect, it } from 'vitest';
import type { Deployment } from '../core/vendor';
import { heardOn } from './wire';

const deployment: Deployment = { console: 'https://tenant.example.com', api: 'https://tenant-api.example.com' };
const vendor = {
  wire: (authorization: string, to: URL, { api }: Deployment) =>
    to.origin === api && authorization.startsWith('Bearer ') ? authorization.slice(7) : undefined,
};
const request = {
  page: deployment.console,
  url: new URL('https://tenant-api.example.com/v1/me'),
  authorization: 'Bearer canary-access-1',
};

it("is the token that a console sent to its own deployment's API", () => {
  expect(heardOn({ vendor, deployment }, request)).toBe('canary-access-1');
});

const unbelieved: readonly [string, object, object | undefined][] = [
  ['a page that is no console', {}, undefined],
  ["another deployment's console", { page: 'https://other.example.com' }, { vendor, deployment }],
  ["another deployment's API", { url: new URL('https://other-api.example.com/v1/me') }, { vendor, deployment }],
  ['another scheme than a bearer', { authorization: 'Basic canary' }, { vendor, deployment }],
  ['a vendor whose console sends none', {}, { vendor: {}, deployment }],
];
it.each(unbelieved)('is none from %s', (_, over, there) => {
  expect(heardOn(there as { vendor: typeof vendor; deployment: Deployment }, { ...request, ...over })).toBeUndefined();
});
