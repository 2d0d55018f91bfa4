import { i18n } from '#i18n';
import { failureWords } from '../../components/failure-words';
import { Note } from '../../components/note';
import type { Failure, FailureCode } from '../../lib/core/failure';
import type { Instant } from '../../lib/core/time';

/** What Fob tries again by itself elsewhere: a form is sent once, and again only by the person. */
const onceOnly: readonly FailureCode[] = ['offline', 'unanswered', 'rate_limited', 'vendor_down'];

/** Why a form that was sent led to nothing. */
export function FormFailure({ failure, vendor, tenant }: { failure: Failure; vendor: string; tenant?: string }) {
  const words = failureWords(failure, {
    vendor,
    host: vendor,
    apiHost: '',
    ...(tenant === undefined ? {} : { tenant }),
    now: Date.now() as Instant,
  });
  const { code } = failure;
  const text =
    code === 'unanswered'
      ? i18n.t('formUnanswered', { vendor })
      : onceOnly.includes(code)
        ? i18n.t('formOnce')
        : code === 'unauthorized'
          ? i18n.t('failure.credentials_refused.text')
          : words.text;
  return <Note role="bad" urgent title={words.title} text={text} />;
}
