import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import type { MoveResult as Moved, SessionView } from '../lib/core/view';
import { FailureNote } from './failure-note';
import { Fob } from './fob';
import { ArrowRight, Globe } from './icons';
import styles from './move-result.module.css';
import { Name } from './name';
import { inSentence, personName, tenantName } from './names';
import { Note } from './note';
import { tenantMark } from './tenant-mark';
import text from './text.module.css';
import { leftWords, timeWords } from './time-words';
import { about, type NextStep } from './failure-words';

/** The sessions before and after a move, and what became of the console. */
export type MoveResultProps = {
  readonly before: SessionView;
  readonly after: SessionView;
  /** What the move itself found: either session may have been renewed since. */
  readonly result: Moved;
  /** Whether the tab in view shows the session one came from. */
  readonly isHere: boolean;
  readonly now: Instant;
  readonly onStep: (step: NextStep) => void;
};

type Row = { readonly label: string; readonly before: string; readonly after: string; readonly help?: string };

/** What a move did: before and after, as the vendor confirmed it. */
export function MoveResult({ before, after, result, isHere, now, onStep }: MoveResultProps) {
  const { console } = result;
  return (
    <div class={styles.result}>
      <div class={styles.pair}>
        <One session={before} />
        <ArrowRight />
        <One session={after} />
      </div>
      <table class={styles.table}>
        <thead>
          <tr>
            <th>
              <span class={text.sr}>{i18n.t('moveWhat')}</span>
            </th>
            <th scope="col">{i18n.t('moveBefore')}</th>
            <th scope="col">{i18n.t('moveAfter')}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(before, after, result, now).map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              <td>
                <Name of={row.before} />
              </td>
              <td>
                {row.before === row.after ? i18n.t('moveSame') : <Name of={row.after} />}
                {row.help !== undefined && <small>{row.help}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <End session={after} result={result} />
      {typeof console === 'object' ? (
        <FailureNote
          failure={{ code: console.failed }}
          whom={{ ...about(before, now), tenant: tenantName(after.tenant) }}
          onStep={onStep}
        />
      ) : (
        (console === 'followed' || isHere) && (
          <p class={styles.console}>
            <Globe />
            <span>
              {console === 'followed'
                ? i18n.t('moveConsoleFollowed', { tenant: inSentence(tenantName(after.tenant)) })
                : i18n.t('moveConsoleStays', { tenant: inSentence(tenantName(before.tenant)) })}
            </span>
          </p>
        )
      )}
    </div>
  );
}

/** What became of the end: nothing is called longer unless the vendor, asked after the move, says so. */
function End({ session, result: { before, after } }: { session: SessionView; result: Moved }) {
  if (before === undefined || after === undefined || session.confirmedAt === undefined) return null;
  const vendor = session.vendor.name;
  switch (session.move?.verb) {
    case 'reissue':
      if (after !== before) return null;
      return <Note role="info" title={i18n.t('moveSameEnd')} text={i18n.t('moveSameEndText', { vendor })} />;
    case 'exchange':
      if (after > before) return <Note role="ok" title={i18n.t('moveLaterEnd', { vendor })} />;
      return after === before ? <Note role="info" title={i18n.t('moveSameEndAsked')} /> : null;
    default:
      return null;
  }
}

function One({ session }: { session: SessionView }) {
  return (
    <div class={styles.one} data-hue={tenantMark(session.tenant).hue}>
      <Fob tenant={session.tenant} size="md" />
      <p>
        <Name of={tenantName(session.tenant)} />
      </p>
    </div>
  );
}

function rowsOf(before: SessionView, after: SessionView, result: Moved, now: Instant): readonly Row[] {
  const ends = (at: Instant | undefined): string => (at === undefined ? i18n.t('lifeUnknown') : timeWords(at, now));
  const left = result.after;
  return [
    {
      label: i18n.t('moveRoles'),
      before: before.roles.join(', ') || i18n.t('rolesUnknown'),
      after: after.roles.join(', ') || i18n.t('rolesUnknown'),
    },
    { label: i18n.t('movePerson'), before: personName(before), after: personName(after) },
    {
      label: i18n.t('moveEnds'),
      before: ends(result.before),
      after: ends(left),
      ...(left === undefined ? {} : { help: i18n.t('moveIn', { left: leftWords(left - now) }) }),
    },
  ];
}
