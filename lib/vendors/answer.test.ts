import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure';
import { instant, MINUTE, SECOND } from '../core/time';
import { conform, refusal } from './answer';

describe('an answer that breaks the contract', () => {
  const schema = v.object({ data: v.array(v.object({ id: v.string() })) });

  it.each([
    [undefined, ''],
    [[], 'data'],
    [{ data: null }, 'data'],
    [{ data: [{ id: 'a' }, { id: 7 }] }, 'data.1.id'],
  ])('%j is named by the path of its field: %j', (json, path) => {
    expect(conform(schema, json)).toEqual({ ok: false, failure: { code: 'response_not_conform', path } });
  });

  it('never says what stood there', () => {
    fc.assert(
      fc.property(fc.uuid(), (secret) => {
        expect(JSON.stringify(conform(schema, { data: [{ id: { secret } }], [secret]: secret }))).not.toContain(secret);
      }),
    );
  });
});

describe('a status that is no success', () => {
  const now = instant(Date.UTC(2026, 0, 15, 9));
  const verdict = (status: number, headers: Record<string, string> = {}): Failure =>
    refusal({ status, headers, json: undefined, startedAt: now }, now).failure;

  it.each<[number, Failure]>([
    [401, { code: 'unauthorized' }],
    [403, { code: 'forbidden' }],
    [404, { code: 'not_offered' }],
    [405, { code: 'not_offered' }],
    [410, { code: 'not_offered' }],
    [429, { code: 'rate_limited', retryAt: instant(now + MINUTE) }],
    [500, { code: 'vendor_down', status: 500 }],
    [503, { code: 'vendor_down', status: 503 }],
    [200, { code: 'response_not_conform', path: '' }],
    [204, { code: 'response_not_conform', path: '' }],
    [302, { code: 'unexpected_status', status: 302 }],
    [400, { code: 'unexpected_status', status: 400 }],
    [418, { code: 'unexpected_status', status: 418 }],
  ])('%i is %j', (status, failure) => {
    expect(verdict(status)).toEqual(failure);
  });

  it.each([429, 503])('%i is waited for as long as it asks', (status) => {
    expect(verdict(status, { 'retry-after': '7' })).toMatchObject({ retryAt: now + 7 * SECOND });
  });
});
