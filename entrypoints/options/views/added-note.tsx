import { useEffect, useRef } from 'preact/hooks';
import { i18n } from '#i18n';
import { Button } from '../../../components/button';
import { Shield } from '../../../components/icons';
import { Note } from '../../../components/note';
import { nameOf } from '../built-in-hosts';
import { FormFailure } from '../form-failure';
import { type Added, hostsOf, type WantedHost } from '../use-add-host';

/** What came of adding a console. A success has the focus: the form that was sent is empty again. */
export function AddedNote(props: {
  added: Added | undefined;
  vendor: string;
  onAllow: (wanted: WantedHost, origins: readonly string[]) => void;
}) {
  const { added, vendor, onAllow } = props;
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (added?.kind === 'added') told.current?.focus();
  }, [added]);
  return (
    <div ref={told} role="status" tabIndex={-1}>
      {added && noteOf(added)}
    </div>
  );

  function noteOf(one: Added) {
    switch (one.kind) {
      case 'asking':
        return undefined;
      case 'added':
        return <Note role="ok" title={i18n.t('ownHostDone', { host: one.host })} text={i18n.t('ownHostDoneText')} />;
      case 'refused':
        return (
          <Note role="bad" title={i18n.t('hostsRefused', { host: one.hosts })} text={i18n.t('hostsRefusedText')} />
        );
      case 'to_allow': {
        const hosts = hostsOf(one.origins);
        return (
          <Note
            role="bad"
            title={i18n.t('failure.permission_missing.title', { apiHost: hosts })}
            text={i18n.t('ownHostAllowText')}
          >
            <Button size="sm" icon={Shield} onPress={() => onAllow(one.wanted, one.origins)}>
              {i18n.t('hostAllow', { host: hosts })}
            </Button>
          </Note>
        );
      }
      case 'failed':
        return <FormFailure failure={one.failure} vendor={nameOf(vendor)} />;
    }
  }
}
