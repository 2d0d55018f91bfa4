import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyState } from '../core/reduce';
import type { Head } from '../core/state';
import { instant } from '../core/time';
import {
  areaOf,
  associatedData,
  fobRecordOf,
  JOURNAL_LENGTH,
  keysOf,
  readFob,
  readHead,
  readJournalEntry,
  readSealed,
  readTenants,
  SCHEMA,
} from './records';

const head: Head = {
  id: 'one',
  vendor: 'prowler',
  console: 'https://cloud.prowler.com',
  api: 'https://api.prowler.com',
  tenant: 'tenant-a',
  subject: 'ana',
  provenance: 'own',
  generation: 2,
  token: { issuedAt: instant(1), expiresAt: instant(2) },
  renewAtFraction: 0.8,
  keeping: 'kept',
  usedAt: instant(1),
};
const stored = { ...head, schema: SCHEMA, journalled: 3 };
const without = (name: string): object => Object.fromEntries(Object.entries(stored).filter(([key]) => key !== name));

describe('a stored head', () => {
  it('is read as it was written', () => {
    expect(readHead(structuredClone(stored))).toEqual({ kind: 'record', record: stored });
  });

  it('is absent where nothing is stored', () => {
    expect(readHead(undefined)).toEqual({ kind: 'absent' });
  });

  it.each([2, 1.5, 99, Infinity])('of schema %d was written by a later Fob', (schema) => {
    expect(readHead({ ...stored, schema })).toEqual({ kind: 'newer' });
    expect(readHead({ schema, anything: 'else' })).toEqual({ kind: 'newer' });
  });

  it.each([
    ['null', null],
    ['text', 'head'],
    ['a list', []],
    ['nothing', {}],
    ['an earlier schema', { ...stored, schema: 0 }],
    ['a schema that is text', { ...stored, schema: '2' }],
    ['half a millisecond', { ...stored, usedAt: 1.5 }],
    ['a time before the epoch', { ...stored, usedAt: -1 }],
    ['no number for a time', { ...stored, usedAt: Number.NaN }],
    ['no generation', without('generation')],
    ['no token', without('token')],
    ['an unknown keeping', { ...stored, keeping: 'eternal' }],
    ['an undefined member', { ...stored, keptUntil: undefined }],
    ['a fraction above one', { ...stored, renewAtFraction: 1.1 }],
  ])('with %s is not understood', (_, document) => {
    expect(readHead(document)).toEqual({ kind: 'unreadable' });
  });

  it('gives up what it does not know: a later Fob has another schema', () => {
    expect(readHead({ ...stored, more: 1 })).toEqual({ kind: 'record', record: stored });
  });
});

describe('any stored document', () => {
  it('is read without a throw, by every reader', () => {
    const any = fc.oneof(
      fc.jsonValue(),
      fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      fc.jsonValue().map((value) => ({ ...stored, token: value })),
      fc
        .dictionary(fc.constantFrom(...Object.keys(stored), '__proto__'), fc.jsonValue())
        .map((some) => ({ ...stored, ...some })),
    );
    fc.assert(
      fc.property(any, fc.oneof(fc.json(), fc.string()), (document, text) => {
        expect(['record', 'absent', 'newer', 'unreadable']).toContain(readHead(document).kind);
        expect(['record', 'absent', 'newer', 'unreadable']).toContain(readFob(document).kind);
        expect(Array.isArray(readJournalEntry(document))).toBe(true);
        expect(['object', 'undefined']).toContain(typeof readSealed(text));
        expect(['object', 'undefined']).toContain(typeof readTenants(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what stands behind a seal', () => {
  const whole = { labels: { person: 'Ana', roles: ['admin'] }, secrets: { access: 'a', refresh: 'r' } };

  it('is read as it was written', () => {
    expect(readSealed(JSON.stringify(whole))).toEqual(whole);
  });

  it.each(['', 'null', '{}', '{"labels":{"roles":[]}}', '{"labels":{"roles":[]},"secrets":{"access":7}}', '<html>'])(
    'is nothing in %j',
    (text) => {
      expect(readSealed(text)).toBeUndefined();
    },
  );
});

describe('what a seal is bound to', () => {
  const others: readonly [string, Partial<Head>][] = [
    ['the session', { id: 'two' }],
    ['where it belongs', { console: 'https://evil.example' }],
    ['where its tokens may go', { api: 'https://evil.example' }],
    ['whose it is', { provenance: 'borrowed' }],
    ['which grant it is', { generation: 3 }],
  ];
  it.each(others)('is %s', (_, over) => {
    expect(associatedData('sealed', { ...head, ...over })).not.toBe(associatedData('sealed', head));
  });

  const same: readonly [string, Partial<Head>][] = [
    ['its times', { token: { issuedAt: instant(9) } }],
    ['its keeping', { keeping: 'paused' }],
    ['its lease', { lease: { rung: 'mint', spends: false, at: instant(1), until: instant(2) } }],
  ];
  it.each(same)('is not %s, which are written while it stays shut', (_, over) => {
    expect(associatedData('sealed', { ...head, ...over })).toBe(associatedData('sealed', head));
  });

  it('tells a list of tenants from a secret', () => {
    expect(associatedData('tenants', head)).not.toBe(associatedData('sealed', head));
  });

  it('stays the same for tenants when the grant changes', () => {
    expect(associatedData('tenants', { ...head, generation: 9 })).toBe(associatedData('tenants', head));
  });
});

describe('the places of records', () => {
  it.each([
    ['offered', 'session'],
    ['watched', 'session'],
    ['kept', 'local'],
    ['paused', 'local'],
    ['stopped_signed_out', 'local'],
    ['stopped_unused', 'local'],
  ] as const)('a session that is %s lies in %s', (keeping, area) => {
    expect(areaOf({ ...head, keeping })).toBe(area);
  });

  it('are all named when a session is taken away', () => {
    const keys = keysOf('one');

    expect(keys).toHaveLength(JOURNAL_LENGTH + 3);
    expect(keys.every((key) => /^(head|sealed|tenants|journal):one(:\d+)?$/.test(key))).toBe(true);
  });

  it('the index names what is stored and what cannot be read, and nothing only seen', () => {
    const state = { ...emptyState, heads: { one: head, seen: { ...head, id: 'seen', keeping: 'offered' as const } } };

    expect(fobRecordOf(state, ['newer'], ['gone'])).toEqual({
      schema: SCHEMA,
      policies: {},
      sessions: ['one', 'newer'],
      leaving: ['gone'],
    });
  });
});
