import { expect, it } from 'vitest';
import { isEsperConsole } from './esper-detect';

it("knows a tenant's console", () => {
  expect(isEsperConsole('northwind.esper.cloud')).toBe(true);
});

it.each([
  'northwind-api.esper.cloud',
  'id.esper.cloud',
  'authn2.esper.cloud',
  'mission-control-api.esper.cloud',
  'onboarding.esper.cloud',
  'esper.cloud',
  'a.b.esper.cloud',
  'northwind.esper.cloud.example.com',
  'xesper.cloud',
])('takes %s for no console', (hostname) => {
  expect(isEsperConsole(hostname)).toBe(false);
});
