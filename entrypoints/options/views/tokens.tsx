import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { isUsable } from '../../../components/acts';
import { Empty } from '../../../components/empty';
import { inSentence, personName, tenantName } from '../../../components/names';
import { SelectField } from '../../../components/select-field';
import { useNow } from '../../../components/use-now';
import { type SessionView, stateAt } from '../../../lib/core/view';
import styles from '../page.module.css';
import { IssuedTokens } from './issued-tokens';
import { MakeToken } from './make-token';

/** The tokens a vendor has issued, and a new one: where a session's vendor lets one see and make them. */
export function TokensView({ sessions }: { sessions: readonly SessionView[] }) {
  // With a token that has ended nothing can be asked: its session offers nothing here.
  const now = useNow(60_000);
  const able = sessions.filter((one) => one.offers.includes('list') && isUsable(stateAt(one, now)));
  const [chosen, setChosen] = useState('');
  const session = able.find(({ id }) => id === chosen) ?? able[0];
  return (
    <div class={styles.view}>
      <header>
        <h1>{i18n.t('navTokens')}</h1>
        <p>{i18n.t('tokensText')}</p>
      </header>
      {session ? (
        <>
          <SelectField
            name="session"
            label={i18n.t('tokensAs')}
            options={able.map((one) => ({ value: one.id, label: asWords(one) }))}
            onChange={setChosen}
          />
          <IssuedTokens key={session.id} session={session} tenantOf={(id) => nameIn(sessions, id)} />
          {session.offers.includes('create') && <MakeToken key={`make ${session.id}`} session={session} />}
        </>
      ) : (
        <Empty title={i18n.t('tokensNoSession')} text={i18n.t('tokensNoSessionText')} />
      )}
    </div>
  );
}

const asWords = (one: SessionView): string =>
  i18n.t('tokensAsOption', {
    person: inSentence(personName(one)),
    tenant: inSentence(tenantName(one.tenant)),
    vendor: one.vendor.name,
  });

/** What an organisation is called, as far as Fob has a session there. */
function nameIn(sessions: readonly SessionView[], id: string): string {
  return tenantName(sessions.find(({ tenant }) => tenant.id === id)?.tenant ?? { id });
}
