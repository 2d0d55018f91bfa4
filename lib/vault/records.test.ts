import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyState } from '../core/reduce';
import type { Head } from '../core/state';
import { instant } from '../core/time';
import {
  areaOf,
  associatedData,
  type FobRecord,
  fobRecordOf,
  JOURNAL_LENGTH,
  keysOf,
  readFob,
  readHead,
  readJournalEntry,
  readSealed,
  readTenants,
  SCHEMA,
  sealIn,
  wrapped,
  written,
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
const record = { ...head, revision: 3 };
const stored = written(record);
const without = (name: string): object => Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));

/** All that a head can have: a member that is added is missing here. */
const fullHead: Required<Head> = {
  ...head,
  container: 'firefox-container-1',
  fingerprint: 'digest',
  refresh: { issuedAt: instant(1), expiresAt: instant(3) },
  keptUntil: instant(9),
  seen: { at: instant(1), expiresAt: instant(4) },
  confirmedAt: instant(1),
  clockAheadMs: -7,
  lease: { rung: 'rotate', spends: true, at: instant(1), until: instant(5) },
  unansweredSince: instant(1),
  refused: { access: 'unauthorized', refresh: 'grant_dead', client: 'credentials_refused' },
  trouble: { code: 'rate_limited', at: instant(1), retryAt: instant(6), times: 2 },
  renewedAt: instant(1),
  attemptedAt: instant(1),
  parent: 'parent',
  root: 'root',
  ids: { application: 'app' },
  isApart: true,
  hasClient: true,
  previous: { issuedAt: instant(0), expiresAt: instant(1) },
};

describe('a stored head', () => {
  it('is read as it was written, whatever it has', () => {
    expect(readHead(written({ ...fullHead, revision: 3 }))).toMatchObject({
      kind: 'record',
      record: { ...fullHead, revision: 3 },
    });
  });

  it.each(['borrowed', 'own', 'entered'] as const)('is read where it is %s', (provenance) => {
    expect(readHead(written({ ...record, provenance }))).toMatchObject({ record: { provenance } });
  });

  it.each(['offered', 'watched', 'kept', 'paused', 'stopped_signed_out', 'stopped_unused'] as const)(
    'is read where its session is %s',
    (keeping) => {
      expect(readHead(written({ ...record, keeping }))).toMatchObject({ record: { keeping } });
    },
  );

  it('reads the longest text there is room for', () => {
    expect(readHead(written({ ...record, subject: 'a'.repeat(512) }))).toMatchObject({ kind: 'record' });
    expect(readHead(written({ ...record, subject: 'a'.repeat(513) }))).toEqual({ kind: 'unreadable' });
  });

  it('is read as it was written', () => {
    expect(readHead(stored)).toEqual({ kind: 'record', record, text: stored });
  });

  it('is absent where nothing is stored', () => {
    expect(readHead(undefined)).toEqual({ kind: 'absent' });
  });

  it.each([SCHEMA + 1, 99, 2.5, Infinity])('of schema %d was written by a later Fob', (schema) => {
    expect(readHead({ ...head, schema, journalled: 1 })).toEqual({ kind: 'newer' });
  });

  it('of a later schema is left alone, however it is written', () => {
    expect(readHead(`${SCHEMA + 1}:no-checksum-this-Fob-knows:{}`)).toEqual({ kind: 'newer' });
  });

  it('of the first schema is read as one of this', () => {
    const reading = readHead({ ...head, schema: 1, journalled: 3 });

    expect(reading).toMatchObject({ kind: 'record', record, text: expect.stringMatching(new RegExp(`^${SCHEMA}:`)) });
    expect(readHead(reading.kind === 'record' ? reading.text : '')).toMatchObject({ kind: 'record', record });
  });

  it.each([
    ['null', null],
    ['text', 'head'],
    ['a list', []],
    ['nothing', {}],
    ['a schema that is text', { ...head, schema: '2' }],
    ['a checksum that does not fit', stored.replace('"subject":"ana"', '"subject":"ann"')],
    ['its end cut off', stored.slice(0, -1)],
    ['its checksum gone', `${SCHEMA}::{}`],
    ['something that is no JSON', wrapped('no JSON')],
  ])('with %s was changed by the disk', (_, document) => {
    expect(readHead(document)).toEqual({ kind: 'damaged' });
  });

  it('is seen to be changed, whichever of its letters is another', () => {
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.integer({ min: 0, max: 6 }), (at, bit) => {
        const letter = String.fromCharCode(stored.charCodeAt(at) ^ (1 << bit));
        const reading = readHead(stored.slice(0, at) + letter + stored.slice(at + 1));
        // Of a later schema nothing is known: then nothing is done to it.
        expect(['damaged', 'newer']).toContain(reading.kind);
      }),
    );
  });

  it.each([
    ['an earlier schema', { ...head, schema: 0 }],
    ['a schema of long before any', { ...head, schema: -1e300 }],
    ['a schema of no whole number', { ...head, schema: 1.5 }],
    ['half a millisecond', written({ ...record, usedAt: 1.5 })],
    ['a time before the epoch', written({ ...record, usedAt: -1 })],
    ['no number for a time', written({ ...record, usedAt: Number.NaN })],
    ['no generation', written(without('generation'))],
    ['no token', written(without('token'))],
    ['no revision', written(without('revision'))],
    ['an unknown keeping', written({ ...record, keeping: 'eternal' })],
    ['a fraction above one', written({ ...record, renewAtFraction: 1.1 })],
    ['a list in its place', written([])],
  ])('with %s is not understood', (_, document) => {
    expect(readHead(document)).toEqual({ kind: 'unreadable' });
  });

  it('gives up what it does not know: a later Fob has another schema', () => {
    expect(readHead(written({ ...record, more: 1 }))).toMatchObject({ kind: 'record', record });
  });
});

describe('the stored index', () => {
  const index = {
    revision: 7,
    consent: { version: 1, at: instant(1) },
    policies: {
      'https://a.example': { keep: 'ask', panelHidden: true },
      'https://b.example': { keep: 'always', isRefused: true },
      'https://c.example': { keep: 'never' },
    },
    deployments: {
      'https://a.example': { vendor: 'prowler', console: 'https://a.example', api: 'https://api.a.example' },
    },
    sessions: { one: 'https://a.example' },
    damage: { at: instant(1), local: 1, copy: 0, lost: ['https://b.example'] },
    leaving: ['two'],
  } as const satisfies FobRecord;

  it('is read as it was written, whatever it has', () => {
    expect(readFob(written(index))).toEqual({ kind: 'record', record: index, text: written(index) });
  });

  it('is of a state, whatever that has', () => {
    const { consent, policies, deployments, damage } = index;
    const state = { ...emptyState, consent, policies, deployments, damage };

    expect(fobRecordOf(state, { revision: 7, unread: { one: 'https://a.example' }, leaving: ['two'] })).toEqual(index);
  });

  it('has nothing that its state has not', () => {
    expect(fobRecordOf(emptyState, { revision: 1, unread: {}, leaving: [] })).toStrictEqual({
      revision: 1,
      policies: {},
      sessions: {},
    });
  });
});

describe('a seal', () => {
  it('is whole or not without being opened', () => {
    expect(sealIn(wrapped('c2VhbA'))).toBe('c2VhbA');
    expect(sealIn(wrapped('c2VhbA').replace('c2', 'c3'))).toBeUndefined();
    expect(sealIn('of-the-first-schema')).toBe('of-the-first-schema');
    expect(sealIn(7)).toBeUndefined();
    // A letter of what stands before it, changed: not one of the first schema.
    for (const at of [0, 1, 4, 10]) {
      const text = wrapped('c2VhbA');
      expect(sealIn(`${text.slice(0, at)}z${text.slice(at + 1)}`)).toBeUndefined();
    }
  });
});

describe('any stored document', () => {
  it('is read without a throw, by every reader', () => {
    const any = fc.oneof(
      fc.jsonValue(),
      fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      fc.jsonValue().map((value) => written({ ...record, token: value })),
      fc
        .dictionary(fc.constantFrom(...Object.keys(record), '__proto__'), fc.jsonValue())
        .map((some) => written({ ...record, ...some })),
      fc.tuple(fc.nat(9), fc.string(), fc.json()).map((parts) => parts.join(':')),
    );
    fc.assert(
      fc.property(any, fc.oneof(fc.json(), fc.string()), (document, text) => {
        expect(['record', 'absent', 'damaged', 'newer', 'unreadable']).toContain(readHead(document).kind);
        expect(['record', 'absent', 'damaged', 'newer', 'unreadable']).toContain(readFob(document).kind);
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

  it('stays as it was in the first release: bound to anything else, no stored seal would open', () => {
    const common = [head.id, head.console, head.api];

    expect(associatedData('sealed', head)).toBe(JSON.stringify([1, 'sealed', ...common, 'own', 2]));
    expect(associatedData('tenants', head)).toBe(JSON.stringify([1, 'tenants', ...common]));
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

  it.each([{ provenance: 'entered' }, { hasClient: true }] as const)(
    'what a person typed is meant to stay: %j lies in local, whatever was decided',
    (over) => {
      expect(areaOf({ ...head, keeping: 'offered', ...over })).toBe('local');
    },
  );

  it('are all named when a session is taken away', () => {
    const keys = keysOf('one');

    expect(keys).toHaveLength(JOURNAL_LENGTH + 3);
    expect(keys.every((key) => /^(head|sealed|tenants|journal):one(:\d+)?$/.test(key))).toBe(true);
  });

  it('the index names what is stored and what cannot be read, and nothing only seen', () => {
    const state = { ...emptyState, heads: { one: head, seen: { ...head, id: 'seen', keeping: 'offered' as const } } };

    expect(fobRecordOf(state, { revision: 4, unread: { newer: 'https://b.example' }, leaving: ['gone'] })).toEqual({
      revision: 4,
      policies: {},
      sessions: { one: head.console, newer: 'https://b.example' },
      leaving: ['gone'],
    });
  });
});
