import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failing, FaultPlan } from './faults';
import { holderOf } from './holder';
import type { LedgerBook, LedgerEntry, TokenIds } from './ledger';
import type { ServerClock } from './settings';
import { endAfterBody, sendAnswer, type Connection } from './wire';

/** What a site learns about a request besides the request itself. */
export type SiteEnv = { readonly clientAddress: string };

/** Whether tokens in an answer were made for it, or existed before. */
export type TokensInAnswer = 'issued' | 'disclosed';

/** One host's server. */
export type Site = {
  /** By the path, where its answers differ. */
  readonly tokensInAnswers: TokensInAnswer | ((path: string) => TokensInAnswer);
  fetch(request: Request, env: SiteEnv): Response | Promise<Response>;
};

/** What the front needs to know of the lab around it. */
export type FrontParts = {
  /** The site of a host, if there is one. */
  siteOf(host: string): Site | undefined;
  /** Hosts that are the lab's own tools: neither recorded nor harmed. */
  readonly tools: ReadonlySet<string>;
  readonly ledger: LedgerBook;
  readonly faults: FaultPlan;
  readonly now: ServerClock;
  /** The ids of all tokens in a text. */
  tokenIdsIn(text: string): TokenIds;
  connectionOf(incoming: IncomingMessage): Connection;
};

/** Makes the one listener behind which every host lives: it records, applies faults, and asks the host's site. */
export function createFront(parts: FrontParts): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    outgoing.sendDate = false;
    outgoing.setHeader('Date', new Date(parts.now()).toUTCString());
    const url = new URL(incoming.url ?? '/', `https://${incoming.headers.host ?? 'unnamed.example'}`);
    if (parts.tools.has(url.hostname)) {
      const body = await readBody(incoming);
      const answer = await parts.siteOf(url.hostname)?.fetch(requestOf(incoming, url, body), { clientAddress: 'tool' });
      if (answer !== undefined) await sendAnswer(outgoing, answer, Buffer.from(await answer.arrayBuffer()), {});
      return;
    }
    const connection = parts.connectionOf(incoming);
    const entry = record(parts.ledger, incoming, url, connection);
    const faults = parts.faults.take({
      host: entry.host,
      method: entry.method,
      path: entry.path,
      holder: entry.holder,
    });
    entry.faults.push(...faults.map(({ kind }) => kind));
    await serve({ ...parts, incoming, outgoing, url, connection, entry, faults }).catch((error: unknown) => {
      // The client left while its request was read: nothing was asked, and nobody is there to be told.
      if (!incoming.destroyed || incoming.complete) throw error;
    });
  };
}

type Serving = Pick<FrontParts, 'siteOf' | 'tokenIdsIn'> & {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly url: URL;
  readonly connection: Connection;
  readonly entry: LedgerEntry;
  readonly faults: readonly Failing[];
};

async function serve(serving: Serving): Promise<void> {
  const { siteOf, tokenIdsIn, incoming, outgoing, url, connection, entry, faults } = serving;
  const fault = faults.find(({ kind }) => kind !== 'delay');
  if (fault?.kind === 'drop_before_body') return connection.drop();
  const body = await readBody(incoming);
  entry.presented = tokenIdsIn(`${incoming.headers.authorization ?? ''} ${url.search} ${body.toString()}`);
  await delay(faults, 'before');
  if (fault?.kind === 'reset' && fault.when !== 'after') return connection.reset();
  if (fault?.kind === 'drop_after_body') return endAfterBody(incoming);
  const standIn = fault === undefined ? undefined : insteadOfSite(fault, url);
  const site = siteOf(entry.host);
  const answer =
    standIn ??
    (await site?.fetch(requestOf(incoming, url, body), { clientAddress: connection.clientAddress })) ??
    new Response('No such host here.', { status: 421 });
  const content = Buffer.from(await answer.arrayBuffer());
  if (site !== undefined && standIn === undefined) {
    const { tokensInAnswers: kind } = site;
    entry[typeof kind === 'function' ? kind(entry.path) : kind] = tokenIdsIn(content.toString());
  }
  await delay(faults, 'after');
  if (fault?.kind === 'drop_after_commit') return endAfterBody(incoming);
  if (fault?.kind === 'reset') return connection.reset();
  if (!incoming.socket.destroyed) entry.status = answer.status;
  await sendAnswer(outgoing, answer, content, fault ?? {});
}

function record(ledger: LedgerBook, incoming: IncomingMessage, url: URL, connection: Connection): LedgerEntry {
  const { origin, authorization } = incoming.headers;
  return ledger.open({
    host: url.hostname,
    method: incoming.method ?? 'GET',
    path: url.pathname,
    queryNames: [...url.searchParams.keys()],
    holder: holderOf(incoming.headers, connection.fromConsoleServer),
    ...(origin === undefined ? {} : { origin }),
    ...(authorization === undefined ? {} : { scheme: authorization.split(' ', 1)[0] ?? '' }),
  });
}

function insteadOfSite(fault: Failing, url: URL): Response | undefined {
  switch (fault.kind) {
    case 'status':
      return new Response(fault.body ?? '', {
        status: fault.status,
        headers: {
          'Content-Type': fault.contentType ?? 'text/plain; charset=utf-8',
          ...(fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) }),
        },
      });
    case 'html':
      return new Response('<!doctype html><title>Welcome</title><h1>Sign in to this network</h1>', {
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
      });
    case 'redirect':
      return new Response(null, {
        status: fault.status ?? 307,
        headers: { Location: new URL(url.pathname + url.search, fault.to ?? 'https://thief.example').href },
      });
    case 'delay':
    case 'drip':
    case 'drop_before_body':
    case 'drop_after_body':
    case 'drop_after_commit':
    case 'reset':
    case 'truncate':
      return undefined;
  }
}

async function delay(faults: readonly Failing[], when: 'before' | 'after'): Promise<void> {
  for (const fault of faults) {
    if (fault.kind === 'delay' && (fault.when ?? 'before') === when) {
      await new Promise((passed) => setTimeout(passed, fault.ms));
    }
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function requestOf(incoming: IncomingMessage, url: URL, body: Buffer): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  const method = incoming.method ?? 'GET';
  const bodiless = method === 'GET' || method === 'HEAD' || body.length === 0;
  return new Request(url, { method, headers, ...(bodiless ? {} : { body: new Uint8Array(body) }) });
}
