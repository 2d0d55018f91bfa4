import { i18n } from '#i18n';
import type { Failure } from '../lib/core/failure';
import type { Field } from '../lib/core/vendor';

/** What a way to sign in is called; `isRare`: of use to few. */
export function wayWords(way: string, fields: readonly Field[]): { readonly label: string; readonly isRare?: true } {
  switch (way) {
    case 'password':
      return {
        label: fields.some(({ kind }) => kind === 'email') ? i18n.t('wayPassword') : i18n.t('wayUser'),
      };
    case 'key':
      return { label: i18n.t('wayKey') };
    case 'client':
    case 'application':
      return { label: i18n.t('wayApplication') };
    case 'code':
      return { label: i18n.t('wayCode'), isRare: true };
    case 'external':
      return { label: i18n.t('wayExternal'), isRare: true };
    default:
      return { label: i18n.t('wayToken') };
  }
}

/** What becomes of what is typed for a way. */
export function keptWords(way: string): string {
  switch (way) {
    case 'password':
      return i18n.t('wayPasswordKept');
    case 'key':
      return i18n.t('wayKeyKept');
    case 'client':
    case 'application':
      return i18n.t('wayApplicationKept');
    case 'code':
      return i18n.t('wayCodeKept');
    case 'external':
      return i18n.t('wayExternalKept');
    default:
      return i18n.t('wayTokenKept');
  }
}

/** What a field of a vendor's form is called. A name nobody has words for is shown as it is. */
export function fieldWords(name: string): { readonly label: string; readonly help?: string } {
  switch (name) {
    case 'email':
      return { label: i18n.t('fieldEmail') };
    case 'password':
      return { label: i18n.t('fieldPassword') };
    case 'tenant_id':
      return { label: i18n.t('fieldTenantId'), help: i18n.t('fieldTenantIdHelp') };
    case 'key':
    case 'api_key':
      return { label: i18n.t('fieldKey') };
    case 'client_id':
      return { label: i18n.t('fieldClientId') };
    case 'client_secret':
      return { label: i18n.t('fieldClientSecret') };
    case 'name':
      return { label: i18n.t('fieldName'), help: i18n.t('fieldNameHelp') };
    case 'username':
      return { label: i18n.t('fieldUsername') };
    case 'code':
      return { label: i18n.t('fieldCode'), help: i18n.t('fieldCodeHelp') };
    case 'redirect_uri':
      return { label: i18n.t('fieldRedirect'), help: i18n.t('fieldRedirectHelp') };
    case 'external_token':
      return { label: i18n.t('fieldExternalToken') };
    case 'token':
      return { label: i18n.t('fieldToken') };
    default:
      return { label: name };
  }
}

/** What is wrong with what is in a field. */
export function faultWords(
  { detail }: Extract<Failure, { code: 'invalid_input' }>,
  kind: Field['kind'] | 'place',
  vendor: string,
): string {
  switch (detail) {
    case 'missing':
      return i18n.t('faultMissing');
    case 'blank':
      return i18n.t('faultBlank');
    case 'too_long':
      return i18n.t('faultTooLong', { vendor });
    case 'not_whole_id':
      return i18n.t('faultId');
    default:
      if (kind === 'place') return i18n.t('faultPlace', { vendor });
      return kind === 'url' ? i18n.t('faultUrl') : i18n.t('faultRefused', { vendor });
  }
}
