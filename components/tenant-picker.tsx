import Combobox from '@github/combobox-nav';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { Instant } from '../lib/core/time';
import type { TenantList, TenantView } from '../lib/core/view';
import { Button } from './button';
import { Empty } from './empty';
import { Fob } from './fob';
import { Check, RefreshCw } from './icons';
import { tenantName } from './names';
import { Search } from './search';
import { searchNames } from './search-names';
import { Skeleton } from './skeleton';
import styles from './tenant-picker.module.css';
import { leftWords, timeWords } from './time-words';

/** More than this is not drawn: nobody reads on, they type on. */
const DRAWN = 100;
const PAGE = 8;

/** The tenants to choose from, and what is going on with them. */
export type TenantPickerProps = {
  /** Absent: not here yet. */
  readonly list: TenantList | undefined;
  readonly vendor: string;
  readonly now: Instant;
  /** The tenant a switch is going on to. */
  readonly busy?: string | undefined;
  /** The list is being asked for. */
  readonly loading: boolean;
  readonly onPick: (tenant: TenantView) => void;
  readonly onAgain: () => void;
};

type Option = { readonly tenant: TenantView; readonly ranges: readonly number[] };

/** Where else can I be: one field, one list, one key. */
export function TenantPicker({ list, vendor, now, busy, loading, onPick, onAgain }: TenantPickerProps) {
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const listbox = useRef<HTMLDivElement>(null);
  const combobox = useRef<Combobox>(undefined);
  const items = useMemo(() => list?.items ?? [], [list]);
  const names = useMemo(() => items.map(({ id, name }) => name || id), [items]);
  const hits = useMemo(
    () => searchNames(names, query).flatMap(({ index, ranges }) => optionAt(items, index, ranges)),
    [items, names, query],
  );
  const searching = query.trim() !== '';
  const groups = searching ? [{ title: '', options: hits.slice(0, DRAWN) }] : browsed(hits);
  const shown = groups.flatMap(({ options }) => options);
  const pick = useRef(onPick);
  pick.current = onPick;

  // Before anybody can press: an option that is drawn can be chosen.
  useLayoutEffect(() => {
    const field = input.current;
    const options = listbox.current;
    if (!field || !options) return;
    const nav = new Combobox(field, options, { tabInsertsSuggestions: false, firstOptionSelectionMode: 'selected' });
    combobox.current = nav;
    nav.start();
    skipHere(nav, options);
    const commit = (event: Event): void => {
      const id = (event.target as HTMLElement).dataset.tenant;
      const tenant = items.find((one) => one.id === id);
      if (tenant && !tenant.current) pick.current(tenant);
    };
    options.addEventListener('combobox-commit', commit);
    return () => {
      options.removeEventListener('combobox-commit', commit);
      nav.destroy();
    };
  }, [items]);
  const chooseBest = (): void => {
    if (!combobox.current || !listbox.current) return;
    combobox.current.resetSelection();
    skipHere(combobox.current, listbox.current);
  };
  // The library forgets its choice when the text changes, and hears of that after the hits are drawn: the best one is chosen
  // once both are through.
  useEffect(chooseBest, [query]);
  // Before anything is painted: what is typed next is meant for the search.
  useLayoutEffect(() => input.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : undefined;
    if (step !== undefined) {
      for (let times = 0; times < PAGE; times += 1) combobox.current?.navigate(step);
      event.preventDefault();
    } else if (event.key === 'Enter' && !listbox.current?.querySelector('[aria-selected="true"]')) {
      // Typed and pressed in one breath, before the choice was drawn: Enter means the best hit all the same.
      chooseBest();
    } else if (event.key === 'Escape' && query !== '') {
      setQuery('');
      event.stopPropagation();
    }
  };

  return (
    <>
      <div class={styles.bar}>
        <Search
          label={i18n.t('tenantFind')}
          placeholder={list ? i18n.t('tenantFindAmong', list.items.length) : i18n.t('tenantFind')}
          query={query}
          onQuery={setQuery}
          inputRef={input}
          onKeyDown={onKeyDown}
        />
        <p role="status" class={styles.count}>
          {searching
            ? i18n.t('tenantCount', { shown: hits.length, all: items.length })
            : hits.length > shown.length
              ? i18n.t('tenantFirst', { shown: shown.length })
              : ''}
        </p>
      </div>
      <div
        ref={listbox}
        role="listbox"
        id="tenants"
        aria-label={i18n.t('tenants')}
        class={styles.list}
        aria-busy={busy !== undefined}
      >
        {groups.map(({ title, options }) => (
          <div key={title} role="presentation">
            {title !== '' && <p class={styles.group}>{title}</p>}
            <div role="group" {...(title === '' ? {} : { 'aria-label': title })}>
              {options.map((option) => (
                <TenantOption key={option.tenant.id} option={option} now={now} busy={busy === option.tenant.id} />
              ))}
            </div>
          </div>
        ))}
      </div>
      {!list && loading && <Skeleton shape="list" words={i18n.t('tenantLoading', { vendor })} />}
      {list && shown.length === 0 && (
        <Empty title={i18n.t('tenantNone')} text={i18n.t('tenantNoneText', { time: timeWords(list.fetchedAt, now) })}>
          <Button icon={RefreshCw} busy={loading} onPress={onAgain}>
            {i18n.t('stepReloadList')}
          </Button>
        </Empty>
      )}
      {list && shown.length > 0 && (
        <p class={styles.from}>
          {i18n.t('tenantFrom', { time: timeWords(list.fetchedAt, now) })}
          <Button kind="quiet" size="sm" icon={RefreshCw} busy={loading} onPress={onAgain}>
            {i18n.t('stepReloadList')}
          </Button>
        </p>
      )}
    </>
  );
}

/** The tenant one is in is shown, and is never the one Enter goes to. */
function skipHere(combobox: Combobox, options: HTMLElement): void {
  if (options.querySelector('[aria-selected="true"][aria-disabled="true"]')) combobox.navigate(1);
}

function TenantOption({ option, now, busy }: { option: Option; now: Instant; busy: boolean }) {
  const { tenant, ranges } = option;
  const endsAt = tenant.ready?.expiresAt;
  return (
    <div
      role="option"
      id={`tenant-${tenant.id}`}
      data-tenant={tenant.id}
      class={styles.option}
      {...(tenant.current ? { 'aria-disabled': 'true', 'aria-current': 'true' } : {})}
    >
      <Fob tenant={tenant} size="sm" />
      <span class={styles.name}>
        <bdi>
          <Marked text={tenantName(tenant)} ranges={ranges} />
        </bdi>
        {tenant.current && (
          <small>
            <Check /> {i18n.t('tenantHere')}
          </small>
        )}
        {busy && <small role="status">{i18n.t('tenantSwitching')}</small>}
      </span>
      {tenant.ready && !tenant.current && (
        <span class={styles.ready}>
          {endsAt === undefined ? i18n.t('tenantReady') : i18n.t('tenantReadyFor', { left: leftWords(endsAt - now) })}
        </span>
      )}
    </div>
  );
}

function Marked({ text, ranges }: { text: string; ranges: readonly number[] }) {
  const parts = [];
  let from = 0;
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const start = ranges[at] ?? 0;
    const end = ranges[at + 1] ?? 0;
    parts.push(text.slice(from, start), <mark key={at}>{text.slice(start, end)}</mark>);
    from = end;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}

const optionAt = (items: readonly TenantView[], index: number, ranges: readonly number[]): readonly Option[] => {
  const tenant = items[index];
  return tenant ? [{ tenant, ranges }] : [];
};

/** Unsearched: what Fob already holds a token for comes first. */
function browsed(
  options: readonly Option[],
): readonly { readonly title: string; readonly options: readonly Option[] }[] {
  const ready = options.filter(({ tenant }) => tenant.ready !== undefined || tenant.current);
  const rest = options.filter((option) => !ready.includes(option));
  return [
    { title: i18n.t('tenantGroupReady'), options: ready },
    { title: i18n.t('tenantGroupAll'), options: rest.slice(0, Math.max(0, DRAWN - ready.length)) },
  ].filter((group) => group.options.length > 0);
}
