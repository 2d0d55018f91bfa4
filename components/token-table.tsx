import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import type { TokenRecord } from '../lib/core/vendor';
import { Button } from './button';
import { Check, CircleAlert, Clock } from './icons';
import { plain } from './names';
import { timeWords } from './time-words';
import styles from './token-table.module.css';

/** Tokens as the vendor tells of them, and what may be done about one. */
export type TokenTableProps = {
  readonly label: string;
  readonly tokens: readonly TokenRecord[];
  readonly now: Instant;
  /** What an organisation is called, where that is known. */
  readonly tenantOf: (id: string) => string;
  /** Absent: this session may not end others. */
  readonly onEnd?: (token: TokenRecord) => void;
};

/** What each part is, written out: laid out as cards, a table would be none to some readers. */
const as = {
  table: { role: 'table' },
  rows: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader', scope: 'col' },
  cell: { role: 'cell' },
} as const;

/** A token in the vendor's books, by person. In a narrow place each row is a card, and still a row of a table. */
export function TokenTable({ label, tokens, now, tenantOf, onEnd }: TokenTableProps) {
  const heads = [
    i18n.t('tokensPerson'),
    i18n.t('tokensTenant'),
    i18n.t('tokensScopes'),
    i18n.t('tokensMade'),
    i18n.t('tokensEnds'),
    i18n.t('tokensState'),
  ];
  return (
    <table class={styles.table} {...as.table} aria-label={label}>
      <thead {...as.rows}>
        <tr {...as.row}>
          {heads.map((head) => (
            <th key={head} {...as.head}>
              {head}
            </th>
          ))}
          {onEnd && (
            <th {...as.head}>
              <span class={styles.hidden}>{i18n.t('tokensAct')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody {...as.rows}>
        {tokens.map((one) => {
          const who = personOf(one);
          const cells = [
            <>
              <bdi>{who}</bdi>
              {one.isMasquerading && <small>{i18n.t('tokensMasquerading')}</small>}
            </>,
            <bdi key="tenant">{one.tenant === undefined ? i18n.t('lifeUnknown') : tenantOf(one.tenant)}</bdi>,
            one.scopes.length,
            <Time key="made" at={one.issuedAt} now={now} />,
            <Time key="ends" at={one.expiresAt} now={now} />,
            <TokenState key="state" token={one} now={now} />,
          ];
          return (
            <tr key={one.jti} {...as.row}>
              {cells.map((cell, index) => (
                <td key={heads[index]} {...as.cell} data-head={heads[index]}>
                  <span>{cell}</span>
                </td>
              ))}
              {onEnd && (
                <td {...as.cell}>
                  {stateOf(one, now) === 'live' && one.subject !== undefined && one.session !== undefined && (
                    <Button
                      size="sm"
                      name={i18n.t('tokensEndNamed', { person: who })}
                      title={i18n.t('tokensEnd')}
                      onPress={() => onEnd(one)}
                    >
                      {i18n.t('tokensEnd')}
                    </Button>
                  )}
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Whose token it is, as far as the vendor says. */
export const personOf = ({ email, subject }: TokenRecord): string =>
  plain(email ?? '') || plain(subject ?? '') || i18n.t('lifeUnknown');

function Time({ at, now }: { at: Instant | undefined; now: Instant }) {
  return <span class={styles.time}>{at === undefined ? i18n.t('lifeUnknown') : timeWords(at, now)}</span>;
}

type State = 'live' | 'ended' | 'revoked';

const stateOf = ({ isRevoked, expiresAt }: TokenRecord, now: Instant): State =>
  isRevoked ? 'revoked' : expiresAt !== undefined && expiresAt <= now ? 'ended' : 'live';

function TokenState({ token, now }: { token: TokenRecord; now: Instant }) {
  switch (stateOf(token, now)) {
    case 'live':
      return (
        <span class={styles.state} data-role="ok">
          <Check /> {i18n.t('tokensLive')}
        </span>
      );
    case 'ended':
      return (
        <span class={styles.state} data-role="off">
          <Clock /> {i18n.t('tokensEnded')}
        </span>
      );
    case 'revoked':
      return (
        <span class={styles.state} data-role="bad">
          <CircleAlert /> {i18n.t('tokensRevoked')}
        </span>
      );
  }
}
