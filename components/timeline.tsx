import { i18n } from '#i18n';
import type { FailureCode } from '../lib/core/failure';
import type { Instant } from '../lib/core/time';
import { isForPerson, type SessionView, type StateRole, type TimelineEntry } from '../lib/core/view';
import type { Rung } from '../lib/core/vendor';
import { FailureNote } from './failure-note';
import { about, failureWords, say, type Told } from './failure-words';
import { CircleAlert, CircleQuestionMark, Eye, type Icon, Info, LogIn, Moon, RefreshCw } from './icons';
import { hostOf } from './names';
import { Skeleton } from './skeleton';
import { timeWords } from './time-words';
import { type Happening, happeningsOf } from './timeline-groups';
import styles from './timeline.module.css';

/** What is known of a session's history: nothing yet, its entries, or why there are none. */
export type TimelineProps = {
  readonly session: SessionView;
  readonly now: Instant;
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[] | undefined;
  readonly failure?: Told | undefined;
  readonly onAgain: () => void;
};

/** This many happenings are seen at once; the rest unfolds. */
const SHOWN = 6;

/** What happened to a session, newest first, in people's words; the codes stand beside them for whoever is asked about it. */
export function Timeline({ session, now, entries, failure, onAgain }: TimelineProps) {
  if (failure) return <FailureNote failure={failure} whom={about(session, now)} onStep={onAgain} />;
  if (!entries) return <Skeleton shape="list" words={i18n.t('tl.loading')} />;
  const all = happeningsOf(entries).map((one, place) => wordsOf(one, session, now, place === 0));
  if (all.length === 0) return <p>{i18n.t('tl.empty')}</p>;
  return (
    <>
      <List of={all.slice(0, SHOWN)} now={now} />
      {all.length > SHOWN && (
        <details>
          <summary class={styles.more}>{i18n.t('tl.whole')}</summary>
          <List of={all.slice(SHOWN)} now={now} />
        </details>
      )}
    </>
  );
}

function List({ of, now }: { of: readonly Words[]; now: Instant }) {
  return (
    <ol class={styles.tl}>
      {of.map(({ at, role, Icon: Picture, title, code, steps, text }) => (
        <li key={`${at} ${title}`} data-role={role}>
          <time>{timeWords(at, now)}</time>
          <Picture />
          <div>
            <p>
              {title} <code>{code}</code>
            </p>
            {steps && (
              <ol>
                {steps.map((step) => (
                  <li key={step.words} data-role={step.role}>
                    {step.words} <code>{step.code}</code>
                  </li>
                ))}
              </ol>
            )}
            {text && <small>{text}</small>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** One step of what led to something: what went wrong, or how it ended. */
type Step = { readonly role: StateRole; readonly words: string; readonly code?: string };

type Words = {
  readonly at: Instant;
  readonly role: StateRole;
  readonly Icon: Icon;
  readonly title: string;
  readonly code?: string | undefined;
  readonly steps?: readonly Step[] | undefined;
  readonly text: string;
};

function wordsOf({ kind, entries, times }: Happening, session: SessionView, now: Instant, isNewest: boolean): Words {
  const [first, last] = [entries[0], entries.at(-1)] as [TimelineEntry, TimelineEntry];
  const { at, code, what, rung, keeping } = last;
  const late = entries.find(({ dueAt }) => dueAt);
  const time = (of: Instant): string => timeWords(of, now);
  const names = {
    vendor: session.vendor.name,
    host: hostOf(session.console),
    times,
    from: time(late?.dueAt ?? first.at),
    to: time(late?.at ?? at),
  };
  if (kind !== 'renewal') {
    const Picture = { captured: Eye, entered: LogIn, adopted: RefreshCw }[kind as string] ?? Info;
    return {
      at,
      role: 'info',
      Icon: Picture,
      title: say(`tl.${keeping ?? kind}`, names),
      text: times > 1 ? say('tl.times', names) : '',
    };
  }

  const steps: Step[] = [];
  for (const entry of entries) {
    if (entry.what === 'renewed') steps.push({ role: 'ok', words: i18n.t('tl.done') });
    // What goes wrong again and again in one way is told once.
    else if (entry.code && entry.code !== steps.at(-1)?.code) {
      steps.push({ role: roleOf(entry.code), words: titleOf(entry.code, session, now), code: entry.code });
    }
  }
  const isDone = what === 'renewed';
  // With a time to try again it is not yet a person's.
  const isForYou = what === 'renewal_failed' && code && isForPerson(code) && !(isNewest && session.trouble?.retryAt);
  const until = isNewest && session.token.expiresAt;
  const role = isDone ? 'ok' : code ? roleOf(code) : 'info';
  // A rung of a later Fob has no words here, and is left out.
  const how = isDone ? (rung as Rung['name'] | undefined) : what === 'key_reinstated' && what;
  const why = late ? 'asleep' : times > 1 ? 'times' : how;
  const isChain = late ?? (isForYou || (steps.length > 1 && times === 1));
  return {
    at,
    role: late && isDone ? 'off' : role,
    Icon: late ? Moon : ({ bad: LogIn, unsure: CircleQuestionMark, off: CircleAlert }[role as string] ?? RefreshCw),
    title: late
      ? say('tl.late', names)
      : isDone
        ? until
          ? i18n.t('tl.until', { time: time(until) })
          : i18n.t('tl.renewed')
        : isForYou
          ? i18n.t('stateNeedsSignIn')
          : code
            ? titleOf(code, session, now)
            : say('tl.asked', names),
    ...(isChain ? { steps } : { code }),
    text: why ? say(`tl.${why}`, names) : '',
  };
}

const titleOf = (code: FailureCode, session: SessionView, now: Instant): string =>
  // A code of a later Fob has no words here.
  failureWords({ code }, about(session, now)).title || code;

const roleOf = (code: FailureCode): StateRole => (isForPerson(code) ? 'bad' : code === 'unanswered' ? 'unsure' : 'off');
