import { bench, describe } from 'vitest';
import { plan } from '../lib/core/plan';
import { ladderOf } from '../lib/vendors/index';
import type { Head } from '../lib/core/state';
import { after, instant, MINUTE } from '../lib/core/time';
import { readHead, SCHEMA } from '../lib/vault/records';

// Ratios against a baseline of the same run: machines differ, and this one may be busy. The baseline is one JSON round trip
// of the same heads, which is about what reading them from the browser's storage costs at the least.

const now = instant(Date.UTC(2026, 0, 15, 9));

function heads(count: number): Head[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `session-${index}`,
    vendor: 'prowler',
    console: 'https://cloud.prowler.com',
    api: 'https://api.prowler.com',
    tenant: `tenant-${index}`,
    subject: 'subject',
    provenance: 'own' as const,
    generation: 3,
    token: { issuedAt: now, expiresAt: after(now, 30 * MINUTE) },
    refresh: { issuedAt: now, expiresAt: after(now, 24 * 60 * MINUTE) },
    renewAtFraction: 0.8,
    keeping: 'kept' as const,
    keptUntil: after(now, 12 * 60 * MINUTE),
    usedAt: now,
  }));
}

describe.each([20, 200, 2000])('%i sessions', (count) => {
  const all = heads(count);
  const stored = all.map((head) => ({ ...head, schema: SCHEMA, journalled: 3 }));

  bench('baseline: one JSON round trip of the heads', () => {
    JSON.parse(JSON.stringify(stored));
  });
  bench('every head read by its schema', () => {
    for (const record of stored) readHead(record);
  });
  bench('the plan, nothing due', () => {
    plan(all, now, ladderOf);
  });
});
