import * as v from 'valibot';
import { failed, ok, type Outcome } from '../core/failure';
import { headOf } from '../core/reduce';
import type { Head, SessionId } from '../core/state';
import type { Instant } from '../core/time';
import { nextTokenFilter } from '../core/token-pages';
import type { Granted, TokenFilter, TokenRecord, TokenWanted } from '../core/vendor';
import type { Decision } from '../vault/vault';
import { confirm, confirmThose, withReason } from './confirm';
import { ask, drawFraction, type Fob, openSession, operation, placed } from './fob';

const text = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(512));
const texts = v.pipe(v.array(text), v.maxLength(64));
const wanted = v.object({
  subject: text,
  tenant: text,
  audiences: v.pipe(texts, v.nonEmpty()),
  durationS: v.pipe(v.number(), v.integer(), v.minValue(1)),
  roles: v.exactOptional(v.record(text, text)),
  scopes: v.exactOptional(texts),
  session: v.exactOptional(text),
  inheritSession: v.exactOptional(v.boolean()),
  createRefreshToken: v.exactOptional(v.boolean()),
}) satisfies v.GenericSchema<unknown, TokenWanted>;
const filter = v.object({
  limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  subject: v.exactOptional(text),
  tenant: v.exactOptional(text),
  jti: v.exactOptional(text),
  session: v.exactOptional(text),
  isRevoked: v.exactOptional(v.boolean()),
  expFrom: v.exactOptional(text),
  expTo: v.exactOptional(text),
  iatFrom: v.exactOptional(text),
  iatTo: v.exactOptional(text),
  scopes: v.exactOptional(texts),
}) satisfies v.GenericSchema<unknown, TokenFilter>;

/** Has the vendor end a session's token; `allSessions`: every sign-in tied to it, which no undo brings back. */
export const revoke = operation({
  from: ['extension'],
  input: v.object({ session: v.string(), allSessions: v.boolean() }),
  async run(fob, { session, allSessions }, caller): Promise<Outcome<void>> {
    const opened = await openSession(fob, session, caller);
    if (!opened.ok) return opened;
    const { head, vendor, secrets } = opened.value;
    // A console's token is the console's to end: what Fob does not hold of its own it does not take from anybody.
    if (!vendor.revoke || head.provenance === 'borrowed') return failed({ code: 'not_offered' });
    const done = await ask(fob, [vendor.revoke], { ...placed(head, secrets.access), allSessions }, { spends: true });
    // Somebody was faster: it has ended all the same.
    if (!done.ok && done.failure.code !== 'revoked') return done;
    await fob.vault.transact((state, now) => ({
      events: state.heads[session]?.generation === head.generation ? [{ type: 'revoked', id: session, at: now }] : [],
      result: undefined,
    }));
    if (allSessions) await confirmThose(fob, (one) => one.id !== session && isOf(one, head, head.subject));
    await fob.publish();
    return ok(undefined);
  },
});

/** Whether a session is one of a person's at the vendor of another. */
const isOf = (one: Head, { vendor }: Head, subject: string): boolean =>
  one.vendor === vendor && one.subject === subject;

/** Ends one sign-in of one person at the vendor, named by its ids, with a session that may do that. */
export const end_session = operation({
  from: ['extension'],
  input: v.object({
    session: v.string(),
    subject: text,
    tenant: v.exactOptional(text),
    sessionId: v.exactOptional(text),
  }),
  async run(fob, { session, subject, tenant, sessionId }, caller): Promise<Outcome<void>> {
    const opened = await openSession(fob, session, caller);
    if (!opened.ok) return opened;
    const { head, vendor, secrets } = opened.value;
    if (!vendor.endSession) return failed({ code: 'not_offered' });
    const of = {
      subject,
      ...(tenant === undefined ? {} : { tenant }),
      ...(sessionId === undefined ? {} : { session: sessionId }),
    };
    const done = await ask(fob, [vendor.endSession], { ...placed(head, secrets.access), of }, { spends: true });
    if (!done.ok) return withReason(fob, session, done);
    await confirmThose(
      fob,
      (one) => isOf(one, head, subject) && (sessionId === undefined || one.ids?.['session'] === sessionId),
    );
    return done;
  },
});

/** Asks the vendor whether it would make such a token, without having it made. */
export const validate = operation({
  from: ['extension'],
  input: v.object({ session: v.string(), wanted }),
  async run(fob, input, caller): Promise<Outcome<void>> {
    const opened = await openSession(fob, input.session, caller);
    if (!opened.ok) return opened;
    const { head, vendor, secrets } = opened.value;
    if (!vendor.validate) return failed({ code: 'not_offered' });
    return ask(fob, [vendor.validate], { ...placed(head, secrets.access), wanted: input.wanted }, { spends: false });
  },
});

/** Has the vendor make a token as described: checked first, so that a refusal costs nothing, and held as a session of its own. */
export const create = operation({
  from: ['extension'],
  input: v.object({ session: v.string(), wanted }),
  async run(fob, input, caller): Promise<Outcome<{ session: SessionId }>> {
    const opened = await openSession(fob, input.session, caller);
    if (!opened.ok) return opened;
    const { head, vendor, secrets } = opened.value;
    if (!vendor.create) return failed({ code: 'not_offered' });
    const asked = { ...placed(head, secrets.access), wanted: input.wanted };
    if (vendor.validate) {
      const allowed = await ask(fob, [vendor.validate], asked, { spends: false });
      if (!allowed.ok) return allowed;
    }
    const made = await ask(fob, [vendor.create], asked, { spends: true });
    if (!made.ok) return withReason(fob, head.id, made);
    const id = await hold(fob, head, input.wanted, made.value);
    // Names are the vendor's to say. Unanswered, the token is there all the same.
    const confirmed = await confirm(fob, id);
    await fob.publish();
    const isThere = headOf(await fob.vault.state(), id) !== undefined;
    return isThere || confirmed.ok ? ok({ session: id }) : confirmed;
  },
});

function hold(fob: Fob, from: Head, { subject, tenant }: TokenWanted, made: Granted): Promise<SessionId> {
  const id = fob.newId();
  const renewAtFraction = drawFraction(fob);
  return fob.vault.transact((_, now): Decision<SessionId> => {
    const head: Head = {
      id,
      vendor: from.vendor,
      console: from.console,
      api: from.api,
      tenant,
      subject,
      ...(from.container === undefined ? {} : { container: from.container }),
      provenance: 'own',
      generation: 1,
      token: made.token,
      ...(made.refreshLife ? { refresh: made.refreshLife } : {}),
      renewAtFraction,
      // Made on purpose: it is stored, and nothing is done with it until the person says so.
      keeping: 'paused',
      isApart: true,
      usedAt: now,
      ...(made.ids === undefined ? {} : { ids: made.ids }),
      ...(from.clockAheadMs === undefined ? {} : { clockAheadMs: from.clockAheadMs }),
    };
    return {
      events: [{ type: 'entered', id, at: now, head }],
      sealed: {
        [id]: {
          labels: { roles: [] },
          secrets: { access: made.access, ...(made.refresh === undefined ? {} : { refresh: made.refresh }) },
        },
      },
      result: id,
    };
  });
}

/** Tokens in the vendor's books. `next` asks for those after them; `sharedTime`: more share that one time than can be listed. */
export const list_tokens = operation({
  from: ['extension'],
  input: v.object({ session: v.string(), filter }),
  async run(
    fob,
    input,
    caller,
  ): Promise<Outcome<{ items: readonly TokenRecord[]; next?: TokenFilter; sharedTime?: Instant }>> {
    const opened = await openSession(fob, input.session, caller);
    if (!opened.ok) return opened;
    const { head, vendor, secrets } = opened.value;
    if (!vendor.list) return failed({ code: 'not_offered' });
    const asked = { ...placed(head, secrets.access), filter: input.filter };
    const page = await ask(fob, [vendor.list], asked, { spends: false });
    if (!page.ok) return withReason(fob, head.id, page);
    return ok({ items: page.value.items, ...nextTokenFilter(input.filter, page.value) });
  },
});
