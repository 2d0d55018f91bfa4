// @vitest-environment node
import { createHash, X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './index';
import { pairIn, refresh } from './prowler/testing-api';
import { send } from './testing-client';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

describe('the certificate', () => {
  it('is for every host, for a few days, and known by its pin', async () => {
    const socket = await tls(lab.port);

    const certificate = new X509Certificate(socket.getPeerX509Certificate()?.raw ?? '');

    socket.destroy();
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
    for (const host of lab.hosts) expect(certificate.checkHost(host)).toBe(host);
    expect(Date.parse(certificate.validTo) - Date.now()).toBeLessThan(7 * 24 * 3_600_000);
    expect(createHash('sha256').update(key).digest('base64')).toBe(lab.spki);
  });
});

describe('the proxy', () => {
  it('leads a host of the lab there', async () => {
    const { status, socket } = await tunnel(lab.proxyPort, 'cloud.prowler.com:443');

    const secured = await tls(socket);

    secured.destroy();
    expect(status).toBe(200);
  });

  it.each(['example.com:443', '127.0.0.1:22', 'cloud.prowler.com.evil.example:443'])('refuses %s', async (address) => {
    const { status } = await tunnel(lab.proxyPort, address);

    expect(status).toBe(403);
  });

  it('refuses what is no tunnel', async () => {
    const status = await new Promise((answered) =>
      request({ port: lab.proxyPort, host: '127.0.0.1', path: 'http://example.com/' }, (reply) =>
        answered(reply.statusCode),
      ).end(),
    );

    expect(status).toBe(403);
  });
});

describe('hosts', () => {
  it('that nobody serves answer 421', async () => {
    expect((await send(lab.port, 'https://nobody.example/')).status).toBe(421);
  });

  it('welcome everything at the thief’s, who keeps the ids of what it is given', async () => {
    const { access, refresh: token } = lab.prowler.issuePair(lab.prowler.people.ana);

    const reply = await send(lab.port, 'https://thief.example/api/v1/tokens/refresh', {
      method: 'POST',
      body: { refresh: token },
      headers: { Authorization: `Bearer ${access}`, Origin: 'chrome-extension://abc' },
    });

    const { presented } = lab.ledger.of({ host: 'thief.example' })[0] ?? {};
    expect(reply.headers['access-control-allow-origin']).toBe('chrome-extension://abc');
    expect([presented?.access.length, presented?.refresh.length]).toEqual([1, 1]);
  });
});

describe('the control host', () => {
  const control = (method: string, path: string, body?: unknown) =>
    send(lab.port, `https://control.lab.example${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'Content-Type': 'application/json' } }),
    });

  it('changes settings', async () => {
    const reply = await control('POST', '/settings', { accessLifeMs: 5000 });

    expect(reply.json()).toMatchObject({ accessLifeMs: 5000, refreshLifeMs: 86_400_000 });
    expect(lab.settings.accessLifeMs).toBe(5000);
  });

  it('moves the clock', async () => {
    await control('POST', '/time', { advanceMs: 60_000 });

    expect(lab.settings.clockOffsetMs).toBe(60_000);
    expect((await control('GET', '/time')).json()).toEqual({ now: expect.any(Number) as number });
  });

  it('orders, lists and clears faults', async () => {
    const order = { host: 'api.prowler.com', kind: 'html', times: 1 };

    const ordered = await control('POST', '/faults', order);
    const listed = await control('GET', '/faults');
    await control('DELETE', '/faults');

    expect([ordered.status, listed.json()]).toEqual([201, [{ ...order, id: 1, applied: 0 }]]);
    expect(lab.faults.active).toEqual([]);
  });

  it('shows the ledger, without a line about itself', async () => {
    await refresh(lab, lab.prowler.issuePair(lab.prowler.people.ana).refresh);

    const all = (await control('GET', '/ledger')).json();
    const some = (await control('GET', '/ledger?host=thief.example')).json();
    await control('DELETE', '/ledger');

    expect([all, some]).toEqual([[expect.objectContaining({ path: '/api/v1/tokens/refresh' })], []]);
    expect(lab.ledger.entries).toEqual([]);
  });
});

it('runs beside another lab without either knowing', async () => {
  const other = await startLab({ accessLifeMs: 1000 });

  const answer = await refresh(other, other.prowler.issuePair(other.prowler.people.ana).refresh);

  expect(pairIn(answer).access).toMatch(/^eyJ/);
  expect(lab.ledger.entries).toEqual([]);
  await other.close();
});

it('closes with connections open', async () => {
  const socket = await tls(lab.port);
  const gone = new Promise((closed) => socket.on('close', () => closed('closed')));

  await lab.close();

  expect(await gone).toBe('closed');
  lab = await startLab();
});

function tls(to: number | Socket): Promise<TLSSocket> {
  const where = typeof to === 'number' ? { port: to, host: '127.0.0.1' } : { socket: to };
  return new Promise((secured, failed) => {
    const socket = connect({ ...where, servername: 'cloud.prowler.com', rejectUnauthorized: false }, () =>
      secured(socket),
    );
    socket.on('error', failed);
  });
}

function tunnel(port: number, path: string): Promise<{ status: number | undefined; socket: Socket }> {
  return new Promise((connected, failed) => {
    const asked = request({ port, host: '127.0.0.1', method: 'CONNECT', path });
    asked.on('connect', ({ statusCode }, socket: Socket) => connected({ status: statusCode, socket }));
    asked.on('error', failed);
    asked.end();
  });
}
