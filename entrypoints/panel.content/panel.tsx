import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { Told } from '../../components/failure-words';
import { inSentence, tenantName } from '../../components/names';
import { type PanelAct, PanelCard } from '../../components/panel-card';
import { timeWords } from '../../components/time-words';
import { useNow } from '../../components/use-now';

import type { Failure } from '../../lib/core/failure';
import type { Instant } from '../../lib/core/time';
import type { PanelView, TenantView } from '../../lib/core/view';
import { call, onChanged } from '../../lib/rpc/client';
import { liesOnControl } from './aside';

type Trouble = { readonly told: Told; readonly tenant?: string };

/** Shows what the background says there is to show, and nothing before that. */
export function Panel({ host }: { host: HTMLElement }) {
  const [view, setView] = useState<PanelView>();
  const [open, setOpen] = useState<boolean>();
  const [tenants, setTenants] = useState<readonly TenantView[] | 'loading'>();
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<Trouble>();
  const [done, setDone] = useState<string>();
  const isBusy = useRef(false);
  const root = useRef<HTMLDivElement>(null);
  const now = useNow(view?.session.askingSince === undefined ? 5000 : 1000);

  const ask = useCallback(async () => {
    const answer = await call('panel', {});
    if (answer.ok) setView(answer.value);
  }, []);
  useEffect(() => {
    void ask();
    return onChanged(() => void ask());
  }, [ask]);

  // An offer speaks up; a session that is well waits to be asked.
  const isOpen = open ?? (view !== undefined && view.shows !== 'card');
  const refocus = useRef(false);
  const small = useCallback(() => {
    refocus.current = hasFocus(root.current);
    setOpen(false);
    setTenants(undefined);
    setFailure(undefined);
    setDone(undefined);
  }, []);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onKeyDown = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key === 'Escape' && event.isTrusted) small();
    };
    // Keys pressed inside do not leave the panel: they are heard there.
    const places = [document, root.current];
    for (const place of places) place?.addEventListener('keydown', onKeyDown);
    return () => {
      for (const place of places) place?.removeEventListener('keydown', onKeyDown);
    };
  }, [isOpen, small]);
  // Focus goes where the person's own press led, and is never taken from the page.
  useEffect(() => {
    if (refocus.current) root.current?.querySelector<HTMLElement>('section, button')?.focus();
    refocus.current = false;
  }, [isOpen]);
  const isOnEdge = useAside(root, host, !isOpen && view !== undefined);

  if (!view) return null;
  const { session } = view;

  /** One thing at a time; what it leads to is asked for again. */
  async function run(what: string, job: () => Promise<Failure | undefined>, tenant?: string): Promise<void> {
    if (isBusy.current) return;
    isBusy.current = true;
    setBusy(what);
    setFailure(undefined);
    setDone(undefined);
    const told = await job();
    isBusy.current = false;
    setBusy(undefined);
    if (told) setFailure({ told, ...(tenant === undefined ? {} : { tenant }) });
    await ask();
  }

  async function move(tenant: TenantView): Promise<Failure | undefined> {
    const moved = await call('move', {
      session: session.id,
      tenant: tenant.id,
      console: session.move?.follows === true,
    });
    if (!moved.ok) return moved.failure;
    setTenants(undefined);
    if (typeof moved.value.console === 'object') return { code: moved.value.console.failed } as Failure;
    setDone(i18n.t('moveSwitched', { tenant: inSentence(tenantName(tenant)) }));
    return undefined;
  }

  function act(what: PanelAct): void {
    const of = { session: session.id };
    switch (what.do) {
      case 'open':
        refocus.current = true;
        return setOpen(true);
      case 'small':
        return small();
      case 'back':
        return setTenants(undefined);
      case 'keep':
      case 'keep_always':
        return void run(what.do, async () => {
          const kept = await call('keep', { ...of, ...(what.do === 'keep_always' ? { always: true } : {}) });
          return kept.ok ? undefined : kept.failure;
        });
      case 'watch':
        return void run('watch', async () => {
          const left = await call('watch', of);
          if (left.ok) small();
          return left.ok ? undefined : left.failure;
        });
      case 'renew':
        return void run('renew', async () => {
          const renewed = await call('renew', of);
          if (!renewed.ok) return renewed.failure;
          setDone(renewedWords(renewed.value.expiresAt));
          return undefined;
        });
      case 'tenants':
        setTenants('loading');
        return void run('tenants', async () => {
          const list = await call('tenants', of);
          setTenants(list.ok ? list.value.items : undefined);
          return list.ok ? undefined : list.failure;
        });
      case 'move':
        return void run(what.tenant.id, () => move(what.tenant), tenantName(what.tenant));
      case 'hide':
        return void call('hide', {}).then(() => setView(undefined));
      case 'fob':
        return void call('open_popup', {});
    }
  }

  return (
    <div ref={root}>
      <PanelCard
        view={view}
        now={now}
        size={isOpen ? 'card' : isOnEdge ? 'edge' : 'small'}
        busy={busy}
        tenants={tenants}
        failure={failure}
        done={done}
        onAct={act}
      />
    </div>
  );
}

function hasFocus(within: HTMLElement | null): boolean {
  const root = within?.getRootNode();
  return root instanceof ShadowRoot && root.activeElement !== null;
}

const renewedWords = (expiresAt: Instant | undefined): string =>
  expiresAt === undefined
    ? i18n.t('renewed')
    : i18n.t('renewedUntil', { time: timeWords(expiresAt, Date.now() as Instant) });

/** Whether the chip has to make room for something a person may want to press. */
function useAside(chip: { current: HTMLElement | null }, host: HTMLElement, isShown: boolean): boolean {
  const [isOn, setIsOn] = useState(false);
  useEffect(() => {
    if (!isShown) return undefined;
    const look = (): void => setIsOn(liesOnControl(chip.current?.getBoundingClientRect(), host));
    look();
    let waiting: ReturnType<typeof setTimeout>;
    const later = (): void => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 200);
    };
    addEventListener('resize', later);
    addEventListener('scroll', later, { capture: true, passive: true });
    return () => {
      clearTimeout(waiting);
      removeEventListener('resize', later);
      removeEventListener('scroll', later, { capture: true });
    };
  }, [isShown, chip, host]);
  return isOn;
}
