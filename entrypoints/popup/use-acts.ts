import { useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { SessionAct } from '../../components/acts';
import type { Told } from '../../components/failure-words';
import { tenantName } from '../../components/names';
import { leftWords, timeWords } from '../../components/time-words';
import type { Outcome } from '../../lib/core/failure';
import type { Instant } from '../../lib/core/time';
import type { MoveResult, SessionView, TenantView } from '../../lib/core/view';
import { call } from '../../lib/rpc/client';

/** What is going on: one thing at a time, so that a second click cannot start it twice. */
export type Busy = { readonly session: string; readonly act: SessionAct | 'move'; readonly tenant?: string };

/** What went wrong last, and how to try it again. */
export type Trouble = {
  readonly session: string;
  readonly told: Told;
  readonly tenant?: string;
  readonly again: () => void;
};

/** Where a move leads, and whether the console is taken along. */
export type Move = {
  readonly tenant: Pick<TenantView, 'id' | 'name'>;
  readonly console: boolean;
  readonly tabId?: number;
};

/** What a person can set off, what of it is going on, and how the last of it ended. */
export type Acts = {
  readonly busy: Busy | undefined;
  readonly trouble: Trouble | undefined;
  /** What is just done, in words. */
  readonly done: string | undefined;
  readonly dismiss: () => void;
  readonly dismissTrouble: () => void;
  readonly act: (session: SessionView, act: SessionAct, tabId?: number) => void;
  readonly move: (session: SessionView, move: Move, then: (result: MoveResult) => void) => void;
};

/** Everything a person can set off from the popup. The work is done in the background: closing the popup harms nothing. */
export function useActs(): Acts {
  const [busy, setBusy] = useState<Busy>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [done, setDone] = useState<string>();
  const isBusy = useRef(false);

  async function run<T>(
    what: Busy,
    job: () => Promise<Outcome<T>>,
    again: () => void,
    tenant?: string,
  ): Promise<T | undefined> {
    if (isBusy.current) return undefined;
    isBusy.current = true;
    setTrouble(undefined);
    setDone(undefined);
    setBusy(what);
    const outcome = await job();
    isBusy.current = false;
    setBusy(undefined);
    if (outcome.ok) return outcome.value;
    setTrouble({ session: what.session, told: outcome.failure, again, ...(tenant === undefined ? {} : { tenant }) });
    return undefined;
  }

  function act(session: SessionView, name: SessionAct, tabId?: number): void {
    const again = (): void => act(session, name, tabId);
    void run({ session: session.id, act: name }, () => perform(session, name, tabId), again).then((words) => {
      if (words !== undefined) setDone(words);
    });
  }

  function move(session: SessionView, where: Move, then: (result: MoveResult) => void): void {
    const again = (): void => move(session, where, then);
    const what: Busy = { session: session.id, act: 'move', tenant: where.tenant.id };
    const job = (): Promise<Outcome<MoveResult>> =>
      call('move', {
        session: session.id,
        tenant: where.tenant.id,
        console: where.console,
        ...(where.tabId === undefined ? {} : { tabId: where.tabId }),
      });
    void run(what, job, again, tenantName(where.tenant)).then((result) => {
      if (result) then(result);
    });
  }

  return {
    busy,
    trouble,
    done,
    act,
    move,
    dismiss: () => setDone(undefined),
    dismissTrouble: () => setTrouble(undefined),
  };
}

/** Does one thing; its value is what to say when it is done, if that is not visible anyway. */
async function perform(session: SessionView, act: SessionAct, tabId?: number): Promise<Outcome<string | undefined>> {
  const of = { session: session.id };
  switch (act) {
    case 'keep':
    case 'follow':
      return silent(await call('keep', of));
    case 'keep_always':
      return silent(await call('keep', { ...of, always: true }));
    case 'watch':
      return silent(await call('watch', of));
    case 'pause':
      return silent(await call('pause', of));
    case 'ask_vendor':
      return silent(await call('look', tabId === undefined ? {} : { tabId }));
    case 'renew':
    case 'ask_again': {
      const renewed = await call('renew', of);
      return renewed.ok ? { ok: true, value: renewedWords(renewed.value.expiresAt) } : renewed;
    }
    case 'renew_and_arm': {
      const armed = await call('keep', of);
      return armed.ok ? perform(session, 'renew') : armed;
    }
    case 'revoke':
    case 'revoke_all': {
      const revoked = await call('revoke', { ...of, allSessions: act === 'revoke_all' });
      return revoked.ok ? { ok: true, value: i18n.t('revoked', { vendor: session.vendor.name }) } : revoked;
    }
    case 'end_session': {
      const { subject, tenant, ids } = session;
      const ended = await call('end_session', { ...of, subject, tenant: tenant.id, sessionId: ids?.['session'] ?? '' });
      return ended.ok ? { ok: true, value: i18n.t('endSessionDone', { vendor: session.vendor.name }) } : ended;
    }
    case 'copy_token':
      return copy(session, 'token');
    case 'copy_curl':
      return copy(session, 'curl');
    case 'sign_in':
      return madeRoom(await call('open_console', of));
    case 'allow':
      return madeRoom(await call('allow', of));
    case 'forget': {
      const forgotten = await call('forget', of);
      return forgotten.ok ? { ok: true, value: forgottenWords(session) } : forgotten;
    }
    case 'switch':
    case 'renew_key':
    case 'details':
      // These lead to another view: the view sees to them.
      return { ok: true, value: undefined };
  }
}

/** The token goes from the answer to the clipboard and is kept nowhere on the way. */
async function copy(session: SessionView, as: 'token' | 'curl'): Promise<Outcome<string>> {
  const revealed = await call('reveal', { session: session.id, as });
  if (!revealed.ok) return revealed;
  try {
    await navigator.clipboard.writeText(revealed.value.text);
  } catch {
    // The browser says no in its own words: the window lost the focus, or the click was too long ago.
    return { ok: false, failure: { code: 'clipboard_refused' } };
  }
  const { expiresAt } = revealed.value;
  const copied = as === 'curl' ? i18n.t('copiedAsCurl') : i18n.t('copied');
  const leaves = revealed.value.isCleared ? ` ${i18n.t('hands.leaves')}` : '';
  const good = expiresAt === undefined ? '' : ` ${i18n.t('copiedGood', { left: leftWords(expiresAt - Date.now()) })}`;
  return { ok: true, value: `${copied}${good}${leaves}` };
}

const renewedWords = (expiresAt: Instant | undefined): string =>
  expiresAt === undefined ? i18n.t('renewed') : i18n.t('renewedUntil', { time: timeWords(expiresAt, now()) });

function forgottenWords(session: SessionView): string {
  const { expiresAt } = session.token;
  return expiresAt === undefined || expiresAt <= now()
    ? i18n.t('forgotten')
    : i18n.t('forgottenUntil', { vendor: session.vendor.name, time: timeWords(expiresAt, now()) });
}

const now = (): Instant => Date.now() as Instant;

/** Leaves for a page that was opened: Firefox would leave the popup over it. */
function madeRoom(opened: Outcome<void>): Outcome<undefined> {
  if (opened.ok) window.close();
  return silent(opened);
}

const silent = <T>(outcome: Outcome<T>): Outcome<undefined> => (outcome.ok ? { ok: true, value: undefined } : outcome);
