import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { session } from './fixtures/session';
import { hostOf, inSentence, personName, plain, tenantName } from './names';

describe('a name from outside', () => {
  it('loses what turns the words around it', () => {
    expect(plain('\u202Eevil\u202C\u2066 name\u0007\n')).toBe('evil name');
  });

  it('keeps the joiners that scripts need', () => {
    expect(plain('می\u200Cخواهم')).toBe('می\u200Cخواهم');
  });

  it('carries no control and no direction for any text, and is never longer than a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plain(text)).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        expect(plain(text).length).toBeLessThanOrEqual(161);
      }),
    );
  });

  it('is isolated inside a sentence', () => {
    expect(inSentence('كونتوسو')).toBe('\u2068كونتوسو\u2069');
  });
});

describe('what is shown where a name is missing', () => {
  it('is the id of the tenant', () => {
    expect(tenantName({ id: 't-1' })).toBe('t-1');
    expect(tenantName({ id: 't-1', name: '\u202E' })).toBe('t-1');
  });

  it('is the e-mail of the person, or the id the vendor has for them', () => {
    expect(personName(session({ person: { email: 'a@b.example' } }))).toBe('a@b.example');
    expect(personName(session({ person: {}, subject: '88213' }))).toBe('User 88213');
  });
});

it('says of an application that nobody is behind it', () => {
  const asked = { ...session(), person: {}, subject: 'reports-eu' };
  const again = { ...asked, signIn: { whose: 'fob', extendedByRenewal: false } } as const;

  expect(personName(again)).toBe('API client reports-eu');
  expect(personName({ ...again, keeps: 'nothing' })).toBe('User reports-eu');
  expect(personName({ ...again, provenance: 'borrowed' })).toBe('User reports-eu');
});

it('names the host of a console without its scheme', () => {
  expect(hostOf('https://cloud.prowler.com')).toBe('cloud.prowler.com');
  expect(hostOf('http://localhost:3000')).toBe('localhost:3000');
});
