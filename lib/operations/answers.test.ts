import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../core/http';
import { LEAST_INTERVAL } from '../core/ladder';
import { HOUR, MINUTE, SECOND } from '../core/time';
import { unsigned } from '../testing/odd-answers';
import { type RungName, rungs } from '../testing/rung';
import { wake } from './wake';

// What no single answer may do, however odd it is: end up in another session's place, hasten the next call, or set the clock.

const all = Object.keys(rungs) as RungName[];
type Due = Awaited<ReturnType<(typeof rungs)[RungName]>>;

/** Changes the vendor's answers on their way: to renewals, or to everything. */
function bend(
  { fob, isOf }: Due,
  change: (answer: HttpResponse) => Partial<HttpResponse>,
  of: 'renewals' | 'everything' = 'renewals',
): void {
  const { send } = fob;
  Object.assign(fob, {
    send: async (...args: Parameters<typeof send>) => {
      const said = await send(...args);
      const isMeant = of === 'everything' || isOf(new URL(args[1].url).pathname);
      return said.ok && isMeant && said.value.status < 300
        ? { ...said, value: { ...said.value, ...change(said.value) } }
        : said;
    },
  });
}

const headOf = ({ world, id }: Due) => {
  const head = world.heads().find((one) => one.id === id);
  if (!head) throw new Error('the session is gone');
  return head;
};

/** Every unsigned token in a document, with other claims. */
function reissued(json: unknown, over: object): unknown {
  const text = JSON.stringify(json).replaceAll(/[\w-]+\.([\w-]+)\.[\w-]+/g, (token, claims: string) => {
    try {
      return unsigned({ ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), ...over });
    } catch {
      return token;
    }
  });
  return JSON.parse(text) as unknown;
}

describe('an answer for somebody else', () => {
  const elsewhere = 'e0000000-0000-4000-8000-00000000000f';
  const cases: readonly [RungName, string, (json: unknown) => unknown][] = [
    ['Prowler: rotate', 'another person', (json) => reissued(json, { sub: elsewhere })],
    ['Prowler: rotate', 'another tenant', (json) => reissued(json, { tenant_id: 'tenant-b' })],
    ['Prowler: mint', 'another person', (json) => reissued(json, { sub: elsewhere })],
    ['Prowler: mint', 'another tenant', (json) => reissued(json, { tenant_id: 'tenant-b' })],
    ['Run:ai: rotate', 'another person', (json) => reissued(json, { sub: 'mallory' })],
    ['Run:ai: rotate', 'another realm', (json) => reissued(json, { iss: 'https://app.run.ai/auth/realms/contoso' })],
    ['Run:ai: request', 'another application', (json) => reissued(json, { sub: 'service-other' })],
    ['Agilicus: rotate', 'another person', (json) => reissued(json, { sub: 'mallory' })],
    ['Agilicus: rotate', 'another organisation', (json) => reissued(json, { org: 'org-b' })],
    ['Esper: renew_key', 'another enterprise', (json) => ({ ...(json as object), enterprise: elsewhere })],
  ];

  it.each(cases)('%s: %s overwrites nothing, and waits for a person', async (rung, _, change) => {
    const due = await rungs[rung]();
    const [before, sealed] = [headOf(due), due.world.sealed()[due.id]];
    bend(due, ({ json }) => ({ json: change(json) }));

    await wake(due.fob);
    due.world.pass(HOUR);
    await wake(due.fob);

    expect(headOf(due)).toMatchObject({ generation: before.generation, trouble: { code: 'identity_changed' } });
    expect(headOf(due).trouble?.retryAt).toBeUndefined();
    expect(due.world.sealed()[due.id]).toBe(sealed);
  });
});

describe('an answer without what it usually brings', () => {
  it.each(['Run:ai: rotate', 'Agilicus: rotate'] as const)('%s: the refresh token before stays', async (rung) => {
    const due = await rungs[rung]();
    const { generation } = headOf(due);
    const refresh = (JSON.parse(due.world.sealed()[due.id] ?? '{}') as { secrets: { refresh: string } }).secrets
      .refresh;
    bend(due, ({ json }) => {
      const { refresh_token: _, refreshToken: __, ...rest } = json as Record<string, unknown>;
      return { json: rest };
    });

    await wake(due.fob);

    expect(headOf(due).generation).toBe(generation + 1);
    expect(refresh).toBeTruthy();
    expect(due.world.sealed()[due.id]).toContain(refresh);
  });
});

describe('a life that is over at once', () => {
  const renewing = all.filter((rung) => rung !== 'Esper: renew_key');
  const cases = renewing.flatMap((rung) => [0, 1, 30].map((seconds) => [rung, seconds] as const));

  it.each(cases)('%s: tokens of %i seconds bring no more than a call a minute', async (rung, seconds) => {
    const due = await rungs[rung]();
    const { world, fob, isOf } = due;
    bend(due, ({ json }) => {
      const now = Math.floor(world.now() / SECOND);
      const short = reissued(json, { iat: now, exp: now + seconds }) as Record<string, unknown>;
      return { json: { ...short, ...('expires_in' in short ? { expires_in: seconds } : {}) } };
    });
    const from = world.sent.length;
    const until = world.now() + 20 * MINUTE;

    while (world.now() < until) {
      await wake(fob);
      world.pass(5 * SECOND);
    }

    const calls = world.sent.slice(from).filter(({ path }) => isOf(path));
    expect(calls.length).toBeGreaterThan(0);
    const gaps = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
    expect(gaps.filter((gap) => gap < LEAST_INTERVAL)).toEqual([]);
  });
});

describe("a `Date` that is six hours off, where the vendor's other times are right", () => {
  /** Rungs after which the vendor tells no end itself: a token's length alone counts. */
  const byLength = ['Prowler: rotate', 'Prowler: mint', 'Run:ai: rotate', 'Run:ai: request'] as const;
  const byEnd = ['CloudCheckr: request', 'Agilicus: rotate'] as const;
  const off = [6 * HOUR, -6 * HOUR];

  async function renewedBeside(rung: RungName, ahead: number): Promise<number> {
    const due = await rungs[rung]();
    bend(
      due,
      ({ headers }) => ({ headers: { ...headers, date: new Date(due.world.now() + ahead).toUTCString() } }),
      'everything',
    );
    await wake(due.fob);
    return (headOf(due).token.expiresAt ?? 0) - due.world.now();
  }

  it.each(byLength.flatMap((rung) => off.map((ahead) => [rung, ahead] as const)))(
    '%s: %i ms change nothing of how long a token lives',
    async (rung, ahead) => {
      expect(await renewedBeside(rung, ahead)).toBe(await renewedBeside(rung, 0));
    },
  );

  it.each(byEnd.flatMap((rung) => off.map((ahead) => [rung, ahead] as const)))(
    '%s: %i ms change nothing of an end the vendor tells',
    async (rung, ahead) => {
      expect(await renewedBeside(rung, ahead)).toBe(await renewedBeside(rung, 0));
    },
  );
});
