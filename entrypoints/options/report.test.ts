import { expect, it } from 'vitest';
import { now, session } from '../../components/fixtures/session';
import { after, MINUTE } from '../../lib/core/time';
import type { Diagnosis } from '../../lib/core/view';
import { reportOf } from './report';

const well = { state: 'well', mended: 0, lost: 0 } as const;
const secretive = session({
  id: 'canary-id',
  subject: 'canary-subject',
  console: 'https://canary-tenant.esper.cloud',
  apiHost: 'canary-tenant-api.esper.cloud',
  person: { name: 'Canary Name', email: 'canary@northwind.example' },
  tenant: { id: 'canary-tenant-id', name: 'Canary Tenant' },
  roles: ['canary-role'],
  ids: { session: 'canary-session' },
  parent: 'canary-parent',
  container: 'canary-container',
  trouble: { code: 'grant_dead', at: now },
});
const found: Diagnosis = {
  consentAt: now,
  alarmAt: after(now, MINUTE),
  wakeAt: after(now, MINUTE),
  woke: { at: now, dueAt: after(now, -10 * MINUTE) },
  stores: { local: well, copy: { state: 'mended', mended: 2, lost: 1 } },
  sessions: [
    {
      session: secretive,
      isReadable: false,
      clockAheadMs: 6 * MINUTE,
      timeline: [
        { at: now, what: 'renewal_started', rung: 'rotate', dueAt: after(now, -10 * MINUTE) },
        { at: now, what: 'renewal_failed', code: 'grant_dead' },
      ],
    },
  ],
};
const report = (over: Partial<Diagnosis> = {}) =>
  reportOf(
    { ...found, ...over },
    {
      hosts: [{ origin: 'https://canary-tenant.esper.cloud', vendor: 'Esper', what: 'console', isAllowed: false }],
      version: '0.1.0',
      browser: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      now,
    },
  );

it('says what is needed to help', () => {
  const lines = report().split('\n');

  expect(lines[0]).toBe('Fob 0.1.0, Chrome 156');
  expect(lines).toContain('copy: mended, mended 2, lost 1');
  expect(lines).toContain('host: Esper, console, missing');
  expect(report()).toMatch(/session 1: Prowler, own, kept, needs_sign_in, grant_dead, seal shut, clock 360 s/);
  expect(report()).toMatch(/^ {2}\S+Z renewal_started rotate due \S+Z$/m);
  expect(report()).toMatch(/^ {2}\S+Z renewal_failed grant_dead$/m);
});

it('holds no name, no id, no host and no address', () => {
  expect(report()).not.toMatch(/canary|northwind|example|https?:|\.cloud|@/i);
});

it('leaves out of a journal what is no word of Fob’s', () => {
  const strange = { at: now, what: 'eyJcanary.access' as never, rung: 'Canary Name', code: 'canary-1' as never };
  const text = report({
    unread: 'https://canary.example/?q=1' as never,
    sessions: [{ session: secretive, isReadable: true, timeline: [strange] }],
  });

  expect(text).toContain('vault: ?');
  expect(text).not.toMatch(/canary|eyJ|https?:/i);
});

it('tells the last dozen of what happened', () => {
  const timeline = Array.from({ length: 40 }, (_, minute) => ({
    at: after(now, minute * MINUTE),
    what: 'used' as const,
  }));

  expect(report({ sessions: [{ session: secretive, isReadable: true, timeline }] }).match(/ used$/gm)).toHaveLength(12);
});
