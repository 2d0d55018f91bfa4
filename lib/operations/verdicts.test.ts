import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../core/failure';
import { HOUR, MINUTE } from '../core/time';
import { judge, type RungName, rungs, type Said, type Verdict } from '../testing/rung';
import agilicus from '../vendors/fixtures/agilicus-answers.json';
import cloudcheckr from '../vendors/fixtures/cloudcheckr.json';
import esper from '../vendors/fixtures/esper.json';
import prowler from '../vendors/fixtures/prowler-errors.json';
import runai from '../vendors/fixtures/runai-answers.json';

// What each answer to a renewal comes to, in the real engine: status by code by body. Whatever it is, nothing that is held is lost by it.

const all = Object.keys(rungs) as RungName[];
const SPENDING: readonly RungName[] = ['Prowler: rotate', 'Run:ai: rotate', 'Agilicus: rotate'];
const KEY: RungName = 'Esper: renew_key';

type Row = readonly [what: string, said: Said, code: FailureCode, verdict: Verdict];

/** The code, the verdict, and that nothing was lost by it. */
async function cameTo(rung: RungName, said: Said): Promise<[string | undefined, Verdict, boolean]> {
  const { code, verdict, isUntouched } = await judge(rung, said);
  return [code, verdict, isUntouched];
}

const answers = (status: number, json?: unknown, headers: Record<string, string> = {}): Said => ({
  status,
  json,
  headers,
});
const unexpected = (status: number, verdict: Verdict, what = `a ${status}`, json?: unknown): Row => [
  what,
  answers(status, json),
  'unexpected_status',
  verdict,
];

describe('everywhere', () => {
  type Everywhere = readonly [
    what: string,
    said: Said,
    code: FailureCode,
    others: Verdict,
    spends: Verdict,
    key: Verdict,
  ];
  const lost = ['suspect', 'may have acted', 'may have acted'] as const;
  const odd = ['suspect', 'suspect', 'asks a person'] as const;
  const same = (verdict: Verdict) => [verdict, verdict, verdict] as const;
  const table: readonly Everywhere[] = [
    ['no network', { code: 'offline' }, 'offline', ...same('suspect')],
    ['no permission', { code: 'permission_missing', host: 'x' }, 'permission_missing', ...same('configuration')],
    ['a broken connection', { code: 'unanswered', why: 'connection' }, 'unanswered', ...lost],
    ['no answer in time', { code: 'unanswered', why: 'timeout' }, 'unanswered', ...lost],
    ['half an answer', { code: 'unanswered', why: 'cut_short' }, 'unanswered', ...lost],
    ['an answer without an end', { code: 'too_large' }, 'too_large', ...lost],
    ['another host', { code: 'redirected' }, 'redirected', ...odd],
    ['a page of HTML, or JSON that is none', answers(200), 'response_not_conform', ...lost],
    ['another document', answers(200, { data: [] }), 'response_not_conform', ...lost],
    ['a success without a body', answers(204), 'response_not_conform', ...lost],
    ...[500, 502, 503, 504, 599].map((status) => [`a ${status}`, answers(status), 'vendor_down', ...lost] as const),
    ['a 429', answers(429), 'rate_limited', ...same('retry at')],
    ...[302, 402, 406, 409, 415, 418, 422].map(
      (status) => [`a ${status}`, answers(status), 'unexpected_status', ...odd] as const,
    ),
    ['a 404', answers(404), 'not_offered', 'configuration', 'configuration', 'asks a person'],
  ];
  const cases = all.flatMap((rung) =>
    table.map(([what, said, code, others, spends, key]) => {
      const verdict = rung === KEY ? key : SPENDING.includes(rung) ? spends : others;
      return [rung, what, code, verdict, said] as const;
    }),
  );

  it.each(cases)('%s: %s is %s, %s', async (rung, _, code, verdict, said) => {
    expect(await cameTo(rung, said)).toEqual([code, verdict, true]);
  });

  const waits: readonly [what: string, headers: Record<string, string>, waitMs: number][] = [
    ['ten minutes', { 'retry-after': '600' }, 10 * MINUTE],
    ['no time at all', { 'retry-after': '0' }, MINUTE],
    ['a moment', { 'retry-after': '7' }, MINUTE],
    ['a year', { 'retry-after': '31536000' }, HOUR],
    ['something', { 'retry-after': 'soon' }, MINUTE],
    ['a time that is over', { 'retry-after': 'Thu, 15 Jan 1970 09:00:00 GMT' }, MINUTE],
    [
      "a time, by a clock six hours ahead of this computer's",
      { 'retry-after': 'Fri, 16 Jan 2026 15:10:00 GMT', date: 'Fri, 16 Jan 2026 15:00:00 GMT' },
      10 * MINUTE,
    ],
  ];
  it.each(all.flatMap((rung) => waits.map((wait) => [rung, ...wait] as const)))(
    '%s: a 429 that asks for %s is obeyed, within a minute and an hour',
    async (rung, _, headers, waitMs) => {
      expect((await judge(rung, answers(429, undefined, headers))).waitMs).toBe(waitMs);
    },
  );

  it.each(all.filter((rung) => rung !== KEY))('%s: a 503 is waited for as long as it asks', async (rung) => {
    expect((await judge(rung, answers(503, undefined, { 'retry-after': '600' }))).waitMs).toBe(10 * MINUTE);
  });

  it('a lost rotation is made good for at once where a mint is left, and waits for the end of the token where none is', async () => {
    const lostNow = await Promise.all(SPENDING.map((rung) => judge(rung, { code: 'unanswered', why: 'connection' })));

    expect(lostNow.map(({ waitMs }) => waitMs)).toEqual([0, 10 * MINUTE, 10 * MINUTE]);
  });
});

describe('Prowler', () => {
  const says = (name: keyof typeof prowler) => ({ errors: prowler[name] });
  const stale = says('token expired, on a token endpoint');
  const rotate: readonly Row[] = [
    ['a dead refresh token', answers(400, says('refresh dead')), 'grant_dead', 'refresh refused'],
    ['no member any more', answers(400, says('tenant refused')), 'tenant_refused', 'refresh refused'],
    ['no tenant any more', answers(400, says('no memberships')), 'tenant_refused', 'refresh refused'],
    ['no key to sign with', answers(400, says('no signing key')), 'misconfigured', 'configuration'],
    ['a field missing', answers(400, says('refresh missing')), 'invalid_input', 'configuration'],
    ['a 403', answers(403), 'forbidden', 'configuration'],
    ['a 405', answers(405, says('method not allowed')), 'not_offered', 'configuration'],
    ['a 410', answers(410), 'not_offered', 'configuration'],
    unexpected(401, 'suspect', 'a bare 401'),
    unexpected(401, 'suspect', 'a 401 for a bearer that something added on the way', stale),
    unexpected(401, 'suspect', 'a 401 with the words of a dead refresh token', says('refresh dead')),
    unexpected(400, 'suspect', 'a bare 400'),
    unexpected(400, 'suspect', 'broken JSON', says('broken JSON')),
  ];
  const mint: readonly Row[] = [
    ['an ended token', answers(401, stale), 'sign_in_needed', 'access refused'],
    ['a changed password', answers(401, says('password changed')), 'sign_in_needed', 'access refused'],
    ['a bare 401', answers(401), 'sign_in_needed', 'access refused'],
    ['no member any more', answers(400, says('tenant refused')), 'sign_in_needed', 'access refused'],
    ['no role there', answers(403, says('no role in this tenant')), 'forbidden', 'configuration'],
    ['no key to sign with', answers(400, says('no signing key')), 'misconfigured', 'configuration'],
    ['a 410', answers(410), 'not_offered', 'configuration'],
    unexpected(400, 'suspect', 'a bare 400'),
  ];

  it.each(rotate)('to a rotation: %s', async (_, said, code, verdict) => {
    expect(await cameTo('Prowler: rotate', said)).toEqual([code, verdict, true]);
  });
  it.each(mint)('to a mint: %s', async (_, said, code, verdict) => {
    expect(await cameTo('Prowler: mint', said)).toEqual([code, verdict, true]);
  });
});

describe('CloudCheckr', () => {
  const { errors } = cloudcheckr;
  const table: readonly Row[] = [
    ['the client is refused', answers(400, errors['client refused']), 'credentials_refused', 'client refused'],
    ['the client is refused', answers(401, errors['client refused']), 'credentials_refused', 'client refused'],
    ['the client may not', answers(400, errors['client may not']), 'credentials_refused', 'client refused'],
    ['a wrong request', answers(400, errors.model), 'invalid_input', 'configuration'],
    ['a 403', answers(403, errors['client refused']), 'forbidden', 'configuration'],
    ['a 405', answers(405), 'not_offered', 'configuration'],
    ['a 410', answers(410), 'not_offered', 'configuration'],
    unexpected(401, 'suspect', 'a bare 401'),
    unexpected(401, 'suspect', 'a 401 in the words of the other calls', errors.model),
    unexpected(400, 'suspect', 'a bare 400'),
    unexpected(400, 'suspect', 'another word of OAuth', errors['scope refused']),
  ];

  it.each(table)('to a request: %s', async (_, said, code, verdict) => {
    expect(await cameTo('CloudCheckr: request', said)).toEqual([code, verdict, true]);
  });
});

describe('Run:ai', () => {
  type Name = keyof typeof runai;
  type Both = readonly [status: number, name: Name | undefined, rotate: Row[2], toRotate: Verdict, toRequest: Verdict];
  const table: readonly Both[] = [
    ...([400, 401, 403] as const).flatMap((status): Both[] => [
      [status, 'dead', 'grant_dead', 'refresh refused', 'client refused'],
      [status, 'oauth grant', 'grant_dead', 'refresh refused', 'client refused'],
      [status, 'oauth client', 'grant_dead', 'refresh refused', 'client refused'],
      [status, 'bad client', 'grant_dead', 'refresh refused', 'client refused'],
      [status, 'required', 'invalid_input', 'configuration', 'configuration'],
      [status, 'oauth', 'invalid_input', 'configuration', 'configuration'],
      [status, undefined, 'unexpected_status', 'suspect', 'suspect'],
    ]),
    [401, 'unfamiliar', 'grant_dead', 'refresh refused', 'client refused'],
    [401, 'other', 'grant_dead', 'refresh refused', 'client refused'],
    [403, 'forbidden', 'forbidden', 'configuration', 'configuration'],
    [400, 'oauth scope', 'unexpected_status', 'suspect', 'suspect'],
    [400, 'oauth server', 'vendor_down', 'may have acted', 'suspect'],
    [400, 'oauth later', 'vendor_down', 'may have acted', 'suspect'],
    [405, undefined, 'unexpected_status', 'suspect', 'configuration'],
    [410, undefined, 'unexpected_status', 'suspect', 'suspect'],
  ];

  it.each(table)('%i (%s) to a rotation is %s, %s', async (status, name, code, verdict) => {
    const said = answers(status, name && runai[name]);

    expect(await cameTo('Run:ai: rotate', said)).toEqual([code, verdict, true]);
  });

  it.each(table)('%i (%s) to a request is no word about a refresh token (%s, %s): %s', async (status, name, ...of) => {
    const judged = await judge('Run:ai: request', answers(status, name && runai[name]));

    expect(judged).toMatchObject({ verdict: of[2], isUntouched: true });
  });

  it.each([
    ['words nobody knows', 400, 'other'],
    ['a grant it does not know', 400, 'unsupported'],
    ['a grant it does not know', 400, 'oauth unsupported'],
  ] as const)('%s (%i) ends no refresh token, and leads to no address with it inside', async (_, status, name) => {
    const said = answers(status, runai[name]);

    expect(await cameTo('Run:ai: rotate', said)).toEqual(['unexpected_status', 'suspect', true]);
  });

  it('a grant it does not know is no word about the application', async () => {
    const said = answers(400, runai.unsupported);

    expect(await cameTo('Run:ai: request', said)).toEqual(['not_offered', 'configuration', true]);
  });
});

describe('Agilicus', () => {
  const { error } = agilicus;
  const table: readonly Row[] = [
    ['a revoked token', answers(410), 'revoked', 'access refused'],
    ['a dead token', answers(401, error), 'grant_dead', 'refresh refused'],
    ['no right', answers(403, error), 'forbidden', 'configuration'],
    ['a 405', answers(405), 'not_offered', 'configuration'],
    unexpected(400, 'suspect', 'a 400 that the contract does not have', error),
    unexpected(400, 'suspect', 'a bare 400'),
  ];

  it.each(table)('to a rotation: %s', async (_, said, code, verdict) => {
    expect(await cameTo('Agilicus: rotate', said)).toEqual([code, verdict, true]);
  });
});

describe('Esper', () => {
  const table: readonly Row[] = Object.entries({ nothing: undefined, ...esper.errors }).flatMap(
    ([name, json]): Row[] => [
      [`a 401 with ${name} in it`, answers(401, json), 'unauthorized', 'access refused'],
      [`a 400 with ${name} in it`, answers(400, json), 'invalid_input', 'asks a person'],
      [`a 403 with ${name} in it`, answers(403, json), 'forbidden', 'asks a person'],
      [`a 405 with ${name} in it`, answers(405, json), 'not_offered', 'asks a person'],
      [`a 410 with ${name} in it`, answers(410, json), 'not_offered', 'asks a person'],
    ],
  );

  it.each(table)('to the renewal of a key: %s', async (_, said, code, verdict) => {
    expect(await cameTo(KEY, said)).toEqual([code, verdict, true]);
  });
});
