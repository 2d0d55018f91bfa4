import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../core/http';
import type { Deployment, Exchange, Vendor } from '../core/vendor';
import { vendors } from './index';

const homes: Readonly<Record<string, Deployment>> = {
  prowler: { console: 'https://cloud.prowler.com', api: 'https://api.prowler.com' },
  cloudcheckr: { console: 'https://app-eu.cloudcheckr.com', api: 'https://api-eu.cloudcheckr.com' },
  esper: { console: 'https://northwind.esper.cloud', api: 'https://northwind-api.esper.cloud' },
  runai: { console: 'https://northwind.run.ai', api: 'https://northwind.run.ai' },
  agilicus: { console: 'https://admin.northwind.example', api: 'https://api.agilicus.com' },
};

/** Every request a vendor can make, by name. Each takes what it needs of one input and leaves the rest. */
function exchangesOf(vendor: Vendor): readonly (readonly [string, Exchange<never, unknown>])[] {
  const { identify, tenantName, tenants, move, renewal, obtain, revoke, endSession, create, validate, list } = vendor;
  const named: readonly (readonly [string, unknown])[] = [
    ...Object.entries({ identify, tenantName, tenants, move: move?.to, revoke, endSession, create, validate, list }),
    ...renewal.flatMap(({ name, exchanges }) => exchanges.map((one) => [name, one] as const)),
    ...Object.entries(obtain).flatMap(([way, one]) =>
      'exchanges' in one ? one.exchanges.map((exchange) => [way, exchange] as const) : [],
    ),
  ];
  return named.flatMap(([name, one]) => (one === undefined ? [] : [[name, one as Exchange<never, unknown>] as const]));
}
const all = vendors.flatMap((vendor: Vendor) =>
  exchangesOf(vendor).map(([name, exchange]) => [vendor.id, name, exchange] as const),
);

/** Texts that would lead elsewhere, if any of them got into an address as it is. */
const led = [
  '//thief.example',
  'https://thief.example/',
  '@thief.example',
  '..',
  '../../../thief.example',
  '\\\\thief.example',
  '%2f%2fthief.example',
  '?next=https://thief.example',
  '#thief',
  '.thief.example',
  ':443@thief.example/',
  'thief.example\u0000',
  '\t//thief.example',
];
const text = fc.oneof(fc.constantFrom(...led), fc.string(), fc.string({ unit: 'binary' }));
const texts = fc.record({
  subject: text,
  tenant: text,
  cursor: text,
  id: text,
  value: text,
});
type Texts = { subject: string; tenant: string; cursor: string; id: string; value: string };

/** The calls that take a secret in the query and in no other way, by their vendors' contracts. */
const inQuery = new Set(['esper renew_key', 'runai rotate', 'runai code']);

const ACCESS = 'canary-access-1';
const REFRESH = 'canary-refresh-1';
const SECRET = 'canary-secret-1';

function inputOf(vendor: string, { subject, tenant, cursor, id, value }: Texts): object {
  const wanted = {
    subject,
    tenant,
    audiences: [value],
    durationS: 60,
    scopes: [value],
    roles: { [value]: value },
    session: id,
  };
  // Every name that a vendor may look for, among what it was told before and among what somebody typed.
  const any = new Proxy({} as Record<string, string>, {
    get: (_, name) => (/secret|password|token|key|code/i.test(String(name)) ? SECRET : id),
    has: () => true,
  });
  return {
    deployment: homes[vendor],
    access: ACCESS,
    refresh: REFRESH,
    subject,
    tenant,
    cursor,
    ids: any,
    client: any,
    values: any,
    allSessions: true,
    of: { subject, tenant, session: id },
    wanted,
    filter: { limit: 10, subject, tenant, jti: id, session: id, expFrom: value, scopes: [value] },
  };
}

/** What would be sent; nothing where the vendor makes no request of such an input at all. */
function requestOf(exchange: Exchange<never, unknown>, input: object): HttpRequest | undefined {
  try {
    return exchange.request(input as never);
  } catch (error) {
    // A lone surrogate has no place in any address: nothing is sent then.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

describe('a token', () => {
  it('is asked about at every vendor, in every way there is', () => {
    expect(new Set(all.map(([vendor]) => vendor))).toEqual(new Set(Object.keys(homes)));
    expect(all.length).toBeGreaterThan(25);
  });

  it.each(all)('of %s goes to its own API and nowhere else, and into no address: %s', (vendor, name, exchange) => {
    fc.assert(
      fc.property(texts, (some) => {
        const request = requestOf(exchange, inputOf(vendor, some));
        const url = new URL(request?.url ?? homes[vendor]?.api ?? '');

        expect(url.origin).toBe(homes[vendor]?.api);
        expect(`${url.username}${url.password}`).toBe('');
        const secrets = inQuery.has(`${vendor} ${name}`) ? [] : [ACCESS, REFRESH, SECRET];
        for (const secret of secrets) expect(url.href).not.toContain(secret);
      }),
    );
  });

  it.each(vendors.map((vendor: Vendor) => [vendor.id, vendor] as const))(
    'of %s, copied as a command, is for its own API as well',
    (id, vendor) => {
      const command = vendor.curl({ deployment: homes[id] as Deployment, access: ACCESS, subject: 's', tenant: 't' });

      const addresses = [...command.matchAll(/https?:\/\/[^\s'"]+/g)].map(([address]) => new URL(address).origin);
      expect(new Set(addresses)).toEqual(new Set([homes[id]?.api]));
    },
  );
});
