import { i18n } from '#i18n';
import { failureWords } from '../../components/failure-words';
import { hostOf, inSentence } from '../../components/names';
import { leftWords, timeWords } from '../../components/time-words';
import { type Instant, MINUTE } from '../../lib/core/time';
import type { Diagnosis, StoreHealth } from '../../lib/core/view';

/** What mends something, at one click. */
export type Repair =
  { readonly what: 'allow'; readonly origin: string } | { readonly what: 'agree' | 'wake' | 'stores' | 'unread' };

/** One thing Fob needs to keep its word: whether it is so, in words, and what mends it. */
export type Check = {
  readonly isWell: boolean;
  readonly title: string;
  readonly text: string;
  readonly repair?: Repair;
};

/** A host Fob needs for what it has. */
export type UsedHost = {
  readonly origin: string;
  readonly vendor: string;
  readonly what: 'console' | 'api';
  readonly isAllowed: boolean;
};

/** An alarm this late has not come (ms): the browser may take a moment. */
const OVERDUE = 2 * MINUTE;
/** A clock this far off is told of (ms). */
const SKEW = MINUTE;

/** Everything that was looked at, what needs a hand first. */
export function checksOf(found: Diagnosis, hosts: readonly UsedHost[], now: Instant): readonly Check[] {
  const all = [
    consentCheck(found, now),
    alarmCheck(found, now),
    wokeCheck(found, now),
    // What became of the whole is said once.
    ...(found.unread === undefined
      ? [storeCheck('local', found.stores.local), storeCheck('copy', found.stores.copy)]
      : []),
    ...readCheck(found, now),
    ...clockChecks(found),
    ...hostChecks(hosts),
  ];
  return [...all.filter(({ isWell }) => !isWell), ...all.filter(({ isWell }) => isWell)];
}

function consentCheck({ consentAt, unread }: Diagnosis, now: Instant): Check {
  // What cannot be read says nothing about what was agreed.
  if (consentAt === undefined && unread === undefined) {
    const repair = { what: 'agree' } as const;
    return { isWell: false, title: i18n.t('check.consentMissing'), text: i18n.t('check.consentMissingText'), repair };
  }
  const text =
    consentAt === undefined ? i18n.t('check.notKnown') : i18n.t('check.at', { time: timeWords(consentAt, now) });
  return { isWell: true, title: i18n.t('check.consent'), text };
}

function alarmCheck({ alarmAt, wakeAt }: Diagnosis, now: Instant): Check {
  if (wakeAt === undefined)
    return { isWell: true, title: i18n.t('check.alarmNone'), text: i18n.t('check.alarmNoneText') };
  const repair = { what: 'wake' } as const;
  if (alarmAt === undefined) {
    return { isWell: false, title: i18n.t('check.alarmMissing'), text: i18n.t('check.alarmMissingText'), repair };
  }
  const time = timeWords(alarmAt, now);
  return alarmAt < now - OVERDUE
    ? { isWell: false, title: i18n.t('check.alarmLate', { time }), text: i18n.t('check.alarmMissingText'), repair }
    : { isWell: true, title: i18n.t('check.alarm', { time }), text: i18n.t('check.alarmText') };
}

function wokeCheck({ woke }: Diagnosis, now: Instant): Check {
  if (!woke) return { isWell: true, title: i18n.t('check.wokeNever'), text: i18n.t('check.wokeNeverText') };
  const [time, due] = [timeWords(woke.at, now), timeWords(woke.dueAt, now)];
  const isLate = woke.at - woke.dueAt > OVERDUE;
  const text = isLate ? i18n.t('check.wokeLate', { due }) : i18n.t('check.wokeText');
  return { isWell: true, title: i18n.t('check.woke', { time }), text };
}

function storeCheck(which: 'local' | 'copy', { state, mended, lost }: StoreHealth): Check {
  const title = which === 'local' ? i18n.t('check.local') : i18n.t('check.copy');
  const repair = { what: 'stores' } as const;
  if (state === 'unreadable') return { isWell: false, title, text: i18n.t('check.storeUnreadable'), repair };
  if (state === 'not_answering') return { isWell: false, title, text: i18n.t('check.storeSilent'), repair };
  const done = mended > 0 ? i18n.t('check.storeMended', mended, { count: mended }) : i18n.t('check.storeWell');
  // Nothing brings back what neither store has: the person is told, and signs in again.
  return lost > 0
    ? { isWell: false, title, text: i18n.t('check.storeLost', lost, { count: lost }) }
    : { isWell: true, title, text: done };
}

function readCheck({ unread, sessions }: Diagnosis, now: Instant): readonly Check[] {
  if (unread !== undefined) {
    const { title, text } = failureWords({ code: unread }, { vendor: i18n.t('appName'), host: '', apiHost: '', now });
    // What a later Fob wrote is whole: there is nothing to mend.
    return [{ isWell: false, title, text, ...(unread === 'vault_unreadable' ? { repair: { what: 'stores' } } : {}) }];
  }
  const shut = sessions.filter(({ isReadable }) => !isReadable).length;
  if (shut === 0) return [{ isWell: true, title: i18n.t('check.read'), text: i18n.t('check.readText') }];
  const title = i18n.t('check.shut', shut, { count: shut });
  return [{ isWell: false, title, text: i18n.t('check.shutText'), repair: { what: 'unread' } }];
}

function clockChecks({ sessions }: Diagnosis): readonly Check[] {
  const off = new Map<string, number>();
  for (const { session, clockAheadMs = 0 } of sessions) {
    if (Math.abs(clockAheadMs) >= SKEW) off.set(session.apiHost, clockAheadMs);
  }
  if (off.size === 0) {
    const text = sessions.length === 0 ? i18n.t('check.clockUnasked') : i18n.t('check.clockText');
    return [{ isWell: true, title: i18n.t('check.clock'), text }];
  }
  return [...off].map(([host, ms]) => ({
    isWell: false,
    title: i18n.t('check.clockOff', { off: leftWords(Math.abs(ms)) }),
    text: i18n.t('check.clockOffText', { host: inSentence(host) }),
  }));
}

function hostChecks(hosts: readonly UsedHost[]): readonly Check[] {
  if (hosts.length === 0) return [{ isWell: true, title: i18n.t('check.hosts'), text: i18n.t('check.hostsText') }];
  return hosts.map(({ origin, vendor, what, isAllowed }) => {
    const host = inSentence(hostOf(origin));
    const text = what === 'api' ? i18n.t('hostForApi', { vendor }) : i18n.t('hostForConsole', { vendor });
    return isAllowed
      ? { isWell: true, title: i18n.t('check.host', { host }), text }
      : {
          isWell: false,
          title: i18n.t('failure.permission_missing.title', { apiHost: host }),
          text: i18n.t('check.hostText', { what: text }),
          repair: { what: 'allow', origin },
        };
  });
}
