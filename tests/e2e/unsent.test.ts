import { createServer, connect, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab';
import type { Outcome } from '../../lib/core/failure';
import type { MoveResult, SessionView, TenantList } from '../../lib/core/view';
import type { Browser, Page } from './driver/driver';
import { launch } from './driver/launch';
import { until } from './driver/until';
import { agree, ask, seen, sharedRefreshTokens, signIn, twicePresented } from './person';

const REFRESH = '/api/v1/tokens/refresh';

/** A line to the lab that can be cut: then nobody listens at all, and what was open is gone. */
type Line = { readonly port: number; cut(): Promise<void>; mend(): Promise<void> };

let lab: Lab;
let lines: Line[] = [];
let fob: Browser;
let page: Page;
let home: SessionView;
let places: string[];

beforeAll(async () => {
  lab = await startLab();
  lab.prowler.addTenants(lab.prowler.people.ana, 4);
  // Chromium goes to the hosts by the first, Firefox through the second: each meets nobody there when it is cut.
  lines = [await lineTo(lab.port), await lineTo(lab.proxyPort)];
  const [{ port }, { port: proxyPort }] = lines as [Line, Line];
  fob = await launch({ network: { ...lab, port, proxyPort } });
  await agree(fob);
  page = await signIn(fob, lab.prowler.people.ana);
  home = await seen(fob, 'the session', (view) => view.sessions.find((one) => one.confirmedAt !== undefined));
  await ask(fob, 'keep', { session: home.id });
  const list = await ask<{ value: TenantList }>(fob, 'tenants', { session: home.id });
  places = list.value.items.filter(({ current }) => !current).map(({ id }) => id);
});

beforeEach(async () => {
  lab.faults.clear();
  await Promise.all(lines.map((line) => line.mend()));
});

afterAll(async () => {
  await fob?.close();
  await Promise.all(lines.map((line) => line.cut()));
  await lab?.close();
});

async function lineTo(target: number): Promise<Line> {
  const open = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    return socket;
  };
  const mend = () =>
    new Promise<void>((listening) => {
      if (server) return listening();
      server = createServer((near) => {
        const far = track(connect(target, '127.0.0.1'));
        track(near).on('close', () => far.destroy());
        far.on('close', () => near.destroy());
        near.pipe(far);
        far.pipe(near);
      }).listen(port, '127.0.0.1', listening);
    });
  await mend();
  port = (server!.address() as { port: number }).port;
  return {
    port,
    mend,
    cut: () =>
      new Promise<void>((closed) => {
        if (!server) return closed();
        server.close(() => closed());
        server = undefined;
        // A reset: what was sent and not answered is lost without a goodbye.
        for (const socket of open) socket.resetAndDestroy();
      }),
  };
}

const cut = () => Promise.all(lines.map((line) => line.cut()));

/** As if the browser had not called anybody for a quarter of an hour: nothing else is kept by these names. */
const rest = () =>
  fob.inExtension(async () => {
    const names = Object.keys(await browser.storage.session.get()).filter((name) => name.startsWith('used '));
    await browser.storage.session.remove(names);
    return names.length;
  });

/** A session that was never renewed, so that it may be at once; and the id of its refresh token. */
async function freshSession(): Promise<{ id: string; refresh: string }> {
  lab.ledger.clear();
  const moved = await ask<Outcome<MoveResult>>(fob, 'move', {
    session: home.id,
    tenant: places.pop(),
    console: false,
  });
  if (!moved.ok) throw new Error(moved.failure.code);
  const [refresh = ''] = lab.ledger.of({ holder: 'extension' }).flatMap(({ issued }) => issued.refresh);
  lab.ledger.clear();
  return { id: moved.value.session, refresh };
}

const renew = (session: string): Promise<Outcome<unknown>> => ask(fob, 'renew', { session });
const viewed = (id: string, what: string, look: (one: SessionView) => boolean, timeoutMs?: number) =>
  seen(fob, what, ({ sessions }) => sessions.find((one) => one.id === id && look(one)), timeoutMs);

it('stays without an answer when an open connection breaks after the body, whatever the second try meets', async () => {
  const { id, refresh } = await freshSession();
  lab.faults.add({ host: 'api.prowler.com', path: REFRESH, kind: 'delay', ms: 1000, times: 1 });

  const answer = renew(id);
  await until('the token at the server', async () =>
    lab.ledger.of({ path: REFRESH }).some(({ presented }) => presented.refresh.includes(refresh)) ? true : undefined,
  );
  await cut();

  expect(await answer).toMatchObject({ ok: false });
  await viewed(id, 'no answer', (one) => one.unansweredSince !== undefined);
  expect(lab.ledger.of({ path: REFRESH })).toHaveLength(1);
});

it('stays without an answer when a new connection is reset after the body', async () => {
  const { id, refresh } = await freshSession();
  lab.faults.add({ host: 'api.prowler.com', path: '/api/v1/tokens/*', kind: 'reset' });
  await cut();
  expect(await rest()).toBeGreaterThan(0);
  await Promise.all(lines.map((line) => line.mend()));

  expect(await renew(id)).toMatchObject({ ok: false, failure: { code: 'unanswered' } });

  await viewed(id, 'no answer', (one) => one.unansweredSince !== undefined);
  expect(lab.ledger.of({ path: REFRESH }).flatMap(({ presented }) => presented.refresh)).toContain(refresh);
});

it('says that nothing was sent when the host cannot be reached, and renews by itself with the same token', async () => {
  const { id, refresh } = await freshSession();
  await cut();
  await rest();

  expect(await renew(id)).toEqual({ ok: false, failure: { code: 'offline' } });

  const stopped = await viewed(id, 'the trouble', (one) => one.trouble?.code === 'offline');
  expect(stopped.unansweredSince).toBeUndefined();
  expect(lab.ledger.of({ holder: 'extension' })).toEqual([]);
  const popup = await fob.popup(page);
  await popup.button(stopped.tenant.name ?? '').click();
  await popup.waitFor('Nothing was sent. Fob renews as soon as the connection is back.');
  await popup.close();

  await Promise.all(lines.map((line) => line.mend()));
  await viewed(id, 'the renewal', (one) => one.lastRenewedAt !== undefined && !one.trouble, 110_000);
  expect(lab.ledger.of({ path: REFRESH }).flatMap(({ presented }) => presented.refresh)).toContain(refresh);
  expect(twicePresented(lab)).toEqual([]);
  expect(sharedRefreshTokens(lab)).toEqual([]);
}, 150_000);
