// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type FaultOrder, type Lab } from './index';
import { obtain, pairIn, refresh } from './prowler/testing-api';
import type { Reply } from './testing-client';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const path = '/api/v1/tokens/refresh';

type Unaimed = FaultOrder extends infer Order
  ? Order extends FaultOrder
    ? Omit<Order, 'host' | 'path'>
    : never
  : never;
const on = (order: Unaimed) => lab.faults.add({ host: 'api.prowler.com', path, ...order } as FaultOrder);

/** Spends a fresh token under the faults in force; tells what came back and what the server made of it. */
async function spend(): Promise<{ reply: Reply | undefined; state: string; code?: string; tookMs: number }> {
  const { refresh: token } = lab.prowler.issuePair(lab.prowler.people.ana);
  const startedAt = Date.now();
  const answer = await refresh(lab, token).then(
    (reply) => ({ reply }),
    (error: unknown) => ({ reply: undefined, code: (error as { code: string }).code }),
  );
  return { ...answer, state: lab.prowler.stateOfRefresh(token), tookMs: Date.now() - startedAt };
}

describe('a lost answer', () => {
  const lost: [string, Unaimed, string][] = [
    ['drop_before_body', { kind: 'drop_before_body' }, 'live'],
    ['drop_after_body', { kind: 'drop_after_body' }, 'live'],
    ['reset', { kind: 'reset' }, 'live'],
    ['drop_after_commit', { kind: 'drop_after_commit' }, 'rotated'],
    ['reset after the fact', { kind: 'reset', when: 'after' }, 'rotated'],
    ['truncate', { kind: 'truncate' }, 'rotated'],
    ['truncate, chunked', { kind: 'truncate', chunked: true }, 'rotated'],
  ];

  it.each(lost)('by %s leaves the token as the server left it', async (_, order, state) => {
    on(order);

    const outcome = await spend();

    expect(outcome).toMatchObject({ reply: undefined, code: 'ECONNRESET', state });
  });

  it('is told by the ledger from one that arrived', async () => {
    on({ kind: 'drop_after_commit', times: 1 });

    await spend();
    await spend();

    const [dropped, arrived] = lab.ledger.of({ path });
    expect(dropped?.status).toBeUndefined();
    expect(dropped?.faults).toEqual(['drop_after_commit']);
    expect(dropped?.issued.refresh).toHaveLength(1);
    expect(arrived).toMatchObject({ status: 200, faults: [] });
  });

  it('shows nothing of a body that was never read', async () => {
    on({ kind: 'drop_before_body' });

    await spend();

    expect(lab.ledger.of({ path })[0]?.presented.refresh).toEqual([]);
  });
});

describe('somebody else’s answer', () => {
  it.each([429, 500, 502, 503, 504])('%i spends nothing', async (status) => {
    on({ kind: 'status', status, retryAfter: 7, body: '{"errors":[]}', contentType: 'application/vnd.api+json' });

    const { reply, state } = await spend();

    expect([reply?.status, reply?.headers['retry-after'], reply?.text]).toEqual([status, '7', '{"errors":[]}']);
    expect(state).toBe('live');
  });

  it('is a page of HTML with 200', async () => {
    on({ kind: 'html' });

    const { reply, state } = await spend();

    expect([reply?.status, reply?.headers['content-type'], state]).toEqual([200, 'text/html; charset=utf-8', 'live']);
  });

  it('is a redirect to the same path elsewhere', async () => {
    on({ kind: 'redirect' });

    const { reply, state } = await spend();

    expect([reply?.status, reply?.headers.location, state]).toEqual([307, `https://thief.example${path}`, 'live']);
  });
});

describe('slowness', () => {
  it.each(['before', 'after'] as const)('waits %s acting', async (when) => {
    on({ kind: 'delay', ms: 80, when });

    const spending = spend();
    await new Promise((passed) => setTimeout(passed, 40));
    const inBetween = lab.ledger.of({ path })[0]?.issued.refresh.length;
    const { reply, tookMs } = await spending;

    expect(inBetween).toBe(when === 'before' ? 0 : 1);
    expect(reply?.status).toBe(200);
    expect(tookMs).toBeGreaterThanOrEqual(80);
  });

  it('drips a body that is whole in the end', async () => {
    on({ kind: 'drip', ms: 80, pieces: 4 });

    const { reply, tookMs } = await spend();

    expect(reply?.json()).toHaveProperty('data');
    expect(tookMs).toBeGreaterThanOrEqual(75);
  });

  it('combines with a loss', async () => {
    on({ kind: 'delay', ms: 60 });
    on({ kind: 'drop_after_commit' });

    expect(await spend()).toMatchObject({ reply: undefined, state: 'rotated' });
  });
});

describe('what is hit', () => {
  it('is counted: some pass, some are hit, the rest pass', async () => {
    const fault = on({ kind: 'status', status: 503, skip: 1, times: 2 });

    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await spend()).reply?.status);

    expect(statuses).toEqual([200, 503, 503, 200]);
    expect(fault.applied).toBe(2);
  });

  it('is one host, method, path and holder only', async () => {
    const other = { kind: 'status', status: 500 } as const;
    lab.faults.add({ ...other, host: 'cloud.prowler.com' });
    lab.faults.add({ ...other, host: 'api.prowler.com', method: 'GET' });
    lab.faults.add({ ...other, host: 'api.prowler.com', path: '/api/v1/tokens' });
    lab.faults.add({ ...other, host: 'api.prowler.com', path: /switch$/ });
    lab.faults.add({ ...other, host: 'api.prowler.com', holder: 'console-server' });

    expect((await spend()).reply?.status).toBe(200);
  });

  it('may be every path that begins alike', async () => {
    lab.faults.add({ kind: 'status', status: 500, host: 'api.prowler.com', path: '/api/v1/tok*' });

    expect((await spend()).reply?.status).toBe(500);
  });

  it('is spared when the fault is taken back', async () => {
    const one = on({ kind: 'html' });
    on({ kind: 'reset' });

    one.remove();
    const withOne = await spend();
    lab.faults.clear();
    const withNone = await spend();

    expect([withOne.code, withNone.reply?.status]).toEqual(['ECONNRESET', 200]);
  });
});

it('leaves the next request on the same lab unharmed', async () => {
  on({ kind: 'reset', times: 1 });
  await spend();

  const { email, password } = lab.prowler.people.ana;

  expect(pairIn(await obtain(lab, { email, password })).access).toMatch(/^eyJ/);
});
