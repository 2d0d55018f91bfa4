import { render } from 'preact';
import { i18n } from '#i18n';
import type { Told } from '../../components/failure-words';
import { inSentence, present, tenantName } from '../../components/names';
import { LockedChip, type PanelAct, PanelCard } from '../../components/panel-card';
import { timeWords } from '../../components/time-words';
import type { Instant } from '../../lib/core/time';
import type { PanelView, TenantView } from '../../lib/core/view';
import type { Neighbour } from '../../lib/rpc/neighbour';
import { onCrowded } from './aside';
import type { PanelPlace } from './mount';

/** `look`: asks again what there is to show. */
export type OpenPanel = { readonly look: () => void; readonly end: () => void };

/** What the panel is in the middle of. What is seen follows from it alone. */
type Moment = {
  view?: PanelView | undefined;
  isLocked?: boolean;
  /** Absent until the person says: an offer speaks up, a session that is well waits to be asked. */
  open?: boolean;
  always?: boolean;
  tenants?: readonly TenantView[] | 'loading' | undefined;
  query?: string | undefined;
  busy?: string | undefined;
  failure?: { readonly told: Told; readonly tenant?: string } | undefined;
  done?: string | undefined;
};

/** Shows what the background says there is to show, and nothing before that. `orphaned`: the script it asks by is gone. */
export function openPanel(
  { host, root, remove }: PanelPlace,
  { call, onChanged, isAlive }: Neighbour,
  orphaned: () => void,
): OpenPanel {
  let moment: Moment = {};
  let isBusy = false;
  /** Focus goes where the person's own press led, and is never taken from the page. */
  let refocus = false;
  let tick: ReturnType<typeof setTimeout>;

  const isOpen = (): boolean => moment.open ?? (moment.view !== undefined && moment.view.shows !== 'card');
  const now = (): Instant => Date.now() as Instant;

  function draw(change: Moment = {}): void {
    // Left behind by an update, a removal, or a newer script of this page: nobody answers here any more.
    if (!isAlive()) {
      end();
      return orphaned();
    }
    const wasOpen = isOpen();
    moment = { ...moment, ...change };
    const { view, open: _, isLocked, ...shown } = moment;
    present(view?.isMasked);
    const size = isOpen() ? 'card' : crowd.isOn() ? 'edge' : 'small';
    render(
      view ? (
        <PanelCard {...shown} view={view} now={now()} size={size} onAct={act} />
      ) : isLocked ? (
        <LockedChip onOpen={() => void call('open_popup', {})} />
      ) : null,
      root,
    );
    clearTimeout(tick);
    tick = setTimeout(draw, view?.session.askingSince === undefined ? 5000 : 1000);
    if (refocus) root.querySelector<HTMLElement>('section, button')?.focus();
    refocus = false;
    if (view && !isOpen() && wasOpen) crowd.look();
  }

  async function look(): Promise<void> {
    const isFirst = moment.view === undefined;
    const answer = await call('panel', {});
    if (!answer.ok) return;
    const isLocked = answer.value === 'locked';
    // What was on its way when it was locked goes with the rest.
    draw(
      isLocked
        ? { view: undefined, isLocked, tenants: undefined, failure: undefined, done: undefined }
        : { view: answer.value as PanelView, isLocked },
    );
    if (isFirst && !isOpen()) crowd.look();
  }

  function small(): void {
    refocus = hasFocus(root);
    draw({ open: false, tenants: undefined, failure: undefined, done: undefined });
  }

  /** One thing at a time; what it leads to is asked for again. */
  async function run(busy: string, job: () => Promise<Told | undefined>, tenant?: string): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    draw({ busy, failure: undefined, done: undefined });
    const told = await job();
    isBusy = false;
    draw({ busy: undefined, failure: told && { told, ...(tenant === undefined ? {} : { tenant }) } });
    await look();
  }

  function act(what: PanelAct): void {
    const session = moment.view?.session;
    if (!session) return;
    const of = { session: session.id };
    switch (what.do) {
      case 'open':
        refocus = true;
        return draw({ open: true });
      case 'small':
        return small();
      case 'back':
        return draw({ tenants: undefined });
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
          const { expiresAt } = renewed.value;
          draw({
            done:
              expiresAt === undefined
                ? i18n.t('renewed')
                : i18n.t('renewedUntil', { time: timeWords(expiresAt, now()) }),
          });
          return undefined;
        });
      case 'tenants':
        draw({ tenants: 'loading', query: undefined });
        return void run('tenants', async () => {
          const list = await call('tenants', of);
          draw({ tenants: list.ok ? list.value.items : undefined });
          return list.ok ? undefined : list.failure;
        });
      case 'always':
        return draw({ always: what.always });
      case 'find':
        return draw({ query: what.query });
      case 'move': {
        const { tenant } = what;
        const name = tenantName(tenant);
        const move = { ...of, tenant: tenant.id, console: session.move?.follows === true };
        return void run(
          tenant.id,
          async () => {
            const moved = await call('move', move);
            if (!moved.ok) return moved.failure;
            const taken = moved.value.console;
            const isLeft = typeof taken === 'object';
            draw({
              tenants: undefined,
              ...(isLeft ? {} : { done: movedWords(move.console, inSentence(name)) }),
            });
            return isLeft ? { code: taken.failed } : undefined;
          },
          name,
        );
      }
      case 'hide':
        return void call('hide', {}).then(() => draw({ view: undefined }));
      case 'fob':
        return void call('open_popup', {});
    }
  }

  // Keys pressed inside do not leave the panel: they are heard there.
  const places = [document, root];
  const onKeyDown = (event: Event): void => {
    if (isOpen() && (event as KeyboardEvent).key === 'Escape' && event.isTrusted) small();
  };
  for (const place of places) place.addEventListener('keydown', onKeyDown);
  const crowd = onCrowded(root, host, () => {
    if (!isOpen()) draw();
  });
  const stopHearing = onChanged(() => void look());
  void look();

  function end(): void {
    clearTimeout(tick);
    stopHearing();
    crowd.stop();
    for (const place of places) place.removeEventListener('keydown', onKeyDown);
    render(null, root);
    remove();
  }
  return { look: () => void look(), end };
}

/** Nobody is said to be where the page is not. */
const movedWords = (isFollowed: boolean, tenant: string): string =>
  isFollowed ? i18n.t('moveSwitched', { tenant }) : i18n.t('moveDone', { tenant });

function hasFocus(within: HTMLElement): boolean {
  const root = within.getRootNode();
  return root instanceof ShadowRoot && root.activeElement !== null;
}
