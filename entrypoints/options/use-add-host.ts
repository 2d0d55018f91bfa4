import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { hostOf } from '../../components/names';
import type { Failed, Failure } from '../../lib/core/failure';
import { askFor } from '../../lib/platform/permissions';
import { call } from '../../lib/rpc/client';
import { nameOf } from './built-in-hosts';
import { originOf, typedOrigin } from './origins';

/** What an address could be, and what would have to be allowed. */
export type Considered = Exclude<Awaited<ReturnType<typeof call<'consider'>>>, Failed>['value'];

/** A console as a person names it; `api` empty: where the vendor's own usually is. */
export type WantedHost = { readonly vendor: string; readonly console: string; readonly api: string };

/** What is wrong with one of the two addresses, in words. */
export type HostFault = { readonly field: 'console' | 'api'; readonly words: string };

/** What came of adding a console: the browser's no and a failure leave all as it was. */
export type Added =
  | { readonly kind: 'asking' }
  | { readonly kind: 'added'; readonly host: string }
  | { readonly kind: 'refused'; readonly hosts: string }
  /** To be allowed at another click: this one is too long ago for the browser to ask. */
  | { readonly kind: 'to_allow'; readonly origins: readonly string[]; readonly wanted: WantedHost }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The origins the browser is asked for, all at once, or what keeps it from being asked. */
export function originsFor(
  wanted: WantedHost,
  { console, candidates }: Considered,
): { readonly origins: readonly string[] } | HostFault {
  if (candidates.length === 0) return { field: 'console', words: i18n.t('ownHostKnown') };
  const candidate = candidates.find(({ vendor }) => vendor === wanted.vendor);
  if (!candidate) return { field: 'console', words: i18n.t('ownHostNot', { vendor: nameOf(wanted.vendor) }) };
  if (wanted.api.trim() === '') return candidate;
  const api = typedOrigin(wanted.api);
  return api === undefined
    ? { field: 'api', words: i18n.t('ownHostAddress') }
    : { origins: [...new Set([console, api])] };
}

/** Adds a console once the browser has been asked, at the click that calls it and in one question. */
export function useAddHost(onDone: () => void) {
  const [added, setAdded] = useState<Added>();
  const add = (wanted: WantedHost, origins: readonly string[]): void => {
    const answered = askFor(origins);
    setAdded({ kind: 'asking' });
    void answered.then(async (granted) => {
      if (!granted) return setAdded({ kind: 'refused', hosts: hostsOf(origins) });
      const { api, ...there } = wanted;
      const done = await call('add_deployment', api.trim() === '' ? there : { ...there, api });
      if (done.ok) {
        setAdded({ kind: 'added', host: hostOf(typedOrigin(wanted.console) ?? wanted.console) });
        onDone();
      } else if (done.failure.code === 'permission_missing') {
        setAdded({ kind: 'to_allow', wanted, origins: [originOf(done.failure.host)] });
      } else setAdded({ kind: 'failed', failure: done.failure });
    });
  };
  return { added, setAdded, add };
}

/** Hosts as the browser asks about them: a port is no part of what it allows. */
export const hostsOf = (origins: readonly string[]): string =>
  [...new Set(origins.map((origin) => hostOf(origin).replace(/:\d+$/, '')))].join(', ');
