import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createAgilicus, type Agilicus } from './agilicus';
import { createCloudCheckr, type CloudCheckr } from './cloudcheckr';
import { createControl } from './control';
import { createEsper, type Esper } from './esper';
import { createFaults, type Faults } from './faults';
import { createFront, type Site } from './front';
import { allTokenIds, createLedger, tokenIdsIn, type Ledger } from './ledger';
import { createProwler, type Prowler } from './prowler';
import { createApi } from './prowler/api';
import { createConsole } from './prowler/console';
import { createConsoleApi } from './prowler/console-api';
import { startProxy } from './proxy';
import { createRunai, type Runai } from './runai';
import { serverClock, startingSettings, type LabSettings, type SettingsChange } from './settings';
import { thief } from './thief';
import { makeCertificate } from './tls';
import type { Connection } from './wire';

export type { FaultOrder } from './faults';
export type { Person } from './prowler/world';

/** A running lab. */
export type Lab = {
  /** Every host, by name, over TLS on 127.0.0.1. */
  readonly port: number;
  /** A CONNECT proxy that leads every host there and refuses all others. */
  readonly proxyPort: number;
  /** The certificate's pin for Chromium. */
  readonly spki: string;
  readonly hosts: readonly string[];
  /** Change them while it runs. */
  readonly settings: LabSettings;
  readonly prowler: Prowler;
  /** Another Prowler, on somebody's own hosts, with people and tenants of its own. */
  readonly ownProwler: Prowler;
  readonly runai: Runai;
  readonly agilicus: Agilicus;
  readonly cloudcheckr: CloudCheckr;
  readonly esper: Esper;
  readonly ledger: Ledger;
  readonly faults: Faults;
  close(): Promise<void>;
};

const consoleHost = 'cloud.prowler.com';
const apiHost = 'api.prowler.com';
/** A deployment on a customer's hosts, whose page names its API. */
const ownConsoleHost = 'prowler.adventure-works.example';
const ownApiHost = 'prowler-api.adventure-works.example';
const thiefHost = 'thief.example';
const controlHost = 'control.lab.example';

/** Starts the vendor's console and API on this machine, to contract, with a ledger of all they meet and faults on order. */
export async function startLab(given: SettingsChange = {}): Promise<Lab> {
  const settings = startingSettings(given);
  const now = serverClock(settings);
  const ledger = createLedger();
  const faults = createFaults();
  const { prowler, deployment } = await createProwler(settings, now);
  // The same settings, whenever they change, but for where the API is.
  const ownSettings = Object.create(settings, {
    apiBaseUrl: { value: `https://${ownApiHost}/api/v1` },
  }) as LabSettings;
  const own = await createProwler(ownSettings, now);
  const cloudcheckr = createCloudCheckr(settings.cloudcheckr, now);
  const esper = createEsper(settings.esper, now);
  const runai = await createRunai(settings.runai, now);
  const agilicus = await createAgilicus(settings.agilicus, now);
  const wires = trackConnections();
  const api = createConsoleApi({ host: apiHost, port: () => port(), onSocket: wires.ofConsoleServer });
  const webConsole = createConsole({ settings, now, api });
  const webApi = createApi(deployment, `https://${consoleHost}`);
  const ownServer = createConsoleApi({ host: ownApiHost, port: () => port(), onSocket: wires.ofConsoleServer });
  const ownConsole = createConsole({ settings: ownSettings, now, api: ownServer });
  const ownApi = createApi(own.deployment, `https://${ownConsoleHost}`);
  const control = createControl({ settings, faults, ledger, now });
  const sites = new Map<string, Site>([
    [consoleHost, { tokensInAnswers: 'disclosed', fetch: (request, env) => webConsole.fetch(request, env) }],
    [apiHost, { tokensInAnswers: 'issued', fetch: (request, env) => webApi.fetch(request, env) }],
    [ownConsoleHost, { tokensInAnswers: 'disclosed', fetch: (request, env) => ownConsole.fetch(request, env) }],
    [ownApiHost, { tokensInAnswers: 'issued', fetch: (request, env) => ownApi.fetch(request, env) }],
    ...cloudcheckr.sites,
    ...esper.sites,
    [thiefHost, thief],
    [controlHost, { tokensInAnswers: 'disclosed', fetch: (request, env) => control.fetch(request, env) }],
    ...runai.sites,
    ...agilicus.sites,
  ]);
  const hosts = [...sites.keys()];
  const front = createFront({
    siteOf: (host) => sites.get(host),
    tools: new Set([controlHost]),
    ledger,
    faults,
    now,
    tokenIdsIn: allTokenIds([
      tokenIdsIn,
      cloudcheckr.tokenIdsIn,
      esper.tokenIdsIn,
      runai.tokenIdsIn,
      agilicus.tokenIdsIn,
    ]),
    connectionOf: wires.of,
  });
  const { key, cert, spki } = await makeCertificate([...hosts, 'localhost']);
  const server = createServer({ key, cert }, (incoming, outgoing) => void front(incoming, outgoing));
  const port = (): number => (server.address() as AddressInfo).port;
  // As long as usual in front of a web server: browsers must not meet a connection that closes as they use it, unasked.
  server.keepAliveTimeout = 75_000;
  server.on('connection', wires.opened);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const proxy = await startProxy({ hosts: new Set(hosts), target: port() });
  return {
    port: port(),
    proxyPort: proxy.port,
    spki,
    hosts,
    settings,
    prowler,
    ownProwler: own.prowler,
    runai: runai.runai,
    agilicus: agilicus.agilicus,
    cloudcheckr: cloudcheckr.cloudcheckr,
    esper: esper.esper,
    ledger,
    faults,
    async close() {
      await proxy.close();
      // First nobody new comes in, then those inside are put out.
      const closed = new Promise((done) => server.close(done));
      wires.closeAll();
      await closed;
    },
  };
}

type Wires = {
  opened(socket: Socket): void;
  ofConsoleServer(socket: Socket): void;
  of(incoming: { readonly socket: Socket }): Connection;
  closeAll(): void;
};

/** Knows the TCP connection under each TLS one (only it can be reset), and which of them the console's server made. */
function trackConnections(): Wires {
  const open = new Map<number, Socket>();
  const consolePorts = new Set<number>();
  return {
    opened(socket) {
      const port = socket.remotePort ?? 0;
      open.set(port, socket);
      // A browser that resets its side is not news.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        // The system may have given the number to a newer connection.
        if (open.get(port) !== socket) return;
        open.delete(port);
        consolePorts.delete(port);
      });
    },
    ofConsoleServer: (socket) => void consolePorts.add(socket.localPort ?? 0),
    of({ socket }) {
      const port = socket.remotePort ?? 0;
      const fromConsoleServer = consolePorts.has(port);
      return {
        fromConsoleServer,
        clientAddress: fromConsoleServer ? 'console-server' : (socket.remoteAddress ?? ''),
        drop: () => void open.get(port)?.destroy(),
        reset: () => void open.get(port)?.resetAndDestroy(),
      };
    },
    closeAll: () => open.forEach((socket) => socket.destroy()),
  };
}
