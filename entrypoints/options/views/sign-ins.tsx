import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { Choices } from '../../../components/choices';
import { FailureNote } from '../../../components/failure-note';
import { wayWords } from '../../../components/form-words';
import { inSentence, isNamed, personName, tenantName } from '../../../components/names';
import { Note } from '../../../components/note';
import { Skeleton } from '../../../components/skeleton';
import type { Failure } from '../../../lib/core/failure';
import type { Instant } from '../../../lib/core/time';
import type { SessionView } from '../../../lib/core/view';
import { call } from '../../../lib/rpc/client';
import { readSnapshot } from '../../../lib/rpc/snapshot';
import styles from '../page.module.css';
import { SignInForm, type SignIns } from './sign-in-form';

/** Signing in through Fob, and handing it a token or key: where no console is there to watch. */
export function SignInsView() {
  const [vendors, setVendors] = useState<SignIns>();
  const [failure, setFailure] = useState<Failure>();
  const [chosen, setChosen] = useState({ vendor: '', way: '' });
  const [done, setDone] = useState<SessionView>();

  const load = async (): Promise<void> => {
    const answer = await call('sign_ins', {});
    if (answer.ok) setVendors(answer.value);
    setFailure(answer.ok ? undefined : answer.failure);
  };
  useEffect(() => void load(), []);

  // What came of it stands where the form was read from last: it has the focus, so that it is heard.
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (done) told.current?.focus();
  }, [done]);
  const signedIn = async (id: string): Promise<void> => {
    const view = await readSnapshot();
    setDone(view?.sessions.find((one) => one.id === id));
  };

  const choose = (next: typeof chosen): void => {
    setChosen(next);
    setDone(undefined);
  };
  const vendor = vendors?.find((one) => one.vendor === chosen.vendor);
  const way = vendor?.ways.find((one) => one.way === chosen.way) ?? vendor?.ways[0];
  return (
    <div class={styles.view}>
      <header>
        <h1>{i18n.t('signIns')}</h1>
        <p>{i18n.t('signInsText')}</p>
      </header>
      <Note role="info" title={i18n.t('signInsRare')} text={i18n.t('signInsRareText')} />
      {failure && (
        <FailureNote
          failure={failure}
          whom={{ vendor: i18n.t('appName'), host: '', apiHost: '', now: Date.now() as Instant }}
          onStep={() => void load()}
          without={['agree']}
        />
      )}
      {!vendors && !failure && <Skeleton shape="list" words={i18n.t('signInsLoading')} />}
      {vendors && (
        <section class={styles.card} aria-label={i18n.t('signIns')}>
          <Choices
            legend={i18n.t('signInVendor')}
            name="vendor"
            choices={vendors.map((one) => ({ value: one.vendor, label: one.name }))}
            chosen={chosen.vendor}
            onChoose={(id) => choose({ vendor: id, way: '' })}
          />
          {vendor && way && (
            <>
              {vendor.ways.length > 1 && (
                <Choices
                  legend={i18n.t('signInWay')}
                  name="way"
                  {...waysOf(vendor.ways)}
                  chosen={way.way}
                  onChoose={(name) => choose({ ...chosen, way: name })}
                />
              )}
              <SignInForm
                key={`${vendor.vendor} ${way.way}`}
                vendor={vendor}
                way={way}
                onStart={() => setDone(undefined)}
                onDone={(id) => void signedIn(id)}
              />
            </>
          )}
          <div ref={told} role="status" tabIndex={-1}>
            {done && (
              <Note
                role="ok"
                title={
                  isNamed(done)
                    ? i18n.t('signedIn', {
                        person: inSentence(personName(done)),
                        tenant: inSentence(tenantName(done.tenant)),
                      })
                    : i18n.t('moveDone', { tenant: inSentence(tenantName(done.tenant)) })
                }
                text={
                  done.keeps === 'renews' && done.keeping === 'kept' ? i18n.t('signedInKept') : i18n.t('signedInText')
                }
              />
            )}
          </div>
        </section>
      )}
    </div>
  );
}

function waysOf(ways: SignIns[number]['ways']) {
  const all = ways.map(({ way, fields }) => ({ value: way, ...wayWords(way, fields) }));
  return { choices: all.filter(({ isRare }) => !isRare), rare: all.filter(({ isRare }) => isRare) };
}
