import { i18n } from '#i18n';

let found: string | undefined;

/**
 * The locale for times: the language of the words they stand among, the clock (12 or 24 hours) the person is used to.
 * Without it a German browser would put "Mi" into an English sentence.
 */
export function wordsLocale(): string {
  found ??= localeFor(
    i18n.t('language'),
    navigator.languages,
    new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hourCycle,
  );
  return found;
}

/** The person's own variant of `language`, or `language` itself, with their hour cycle. */
export function localeFor(language: string, preferred: readonly string[], hourCycle: string | undefined): string {
  const own = preferred.find((one) => one === language || one.startsWith(`${language}-`)) ?? language;
  return hourCycle && !own.includes('-u-') ? `${own}-u-hc-${hourCycle}` : own;
}

/** Says of a place what language its words are in, whatever the language of the page around it. */
export function speak(place: HTMLElement): void {
  place.lang = i18n.t('language');
  place.dir = i18n.t('direction');
}
