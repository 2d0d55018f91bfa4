import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failing } from './faults';

/** The connection a request came on. */
export type Connection = {
  readonly clientAddress: string;
  readonly fromConsoleServer: boolean;
  /** Gone without a word: an orderly TCP end, no TLS goodbye. */
  drop(): void;
  /** Gone by a TCP reset. */
  reset(): void;
};

/** Ends the connection the polite way, as a server that dies while shutting down does: no answer, and the goodbye of TLS. */
export const endAfterBody = (incoming: IncomingMessage): void => void incoming.socket.end();

/** Puts an answer on the wire, whole or as a fault wants it. */
export async function sendAnswer(
  outgoing: ServerResponse,
  answer: Response,
  content: Buffer,
  fault: Failing | { readonly kind?: undefined },
): Promise<void> {
  outgoing.statusCode = answer.status;
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('Set-Cookie', cookies);
  if (fault.kind === 'truncate') return truncate(outgoing, content, fault);
  if (answer.status !== 204 && answer.status !== 304) outgoing.setHeader('Content-Length', content.length);
  if (fault.kind === 'drip') return drip(outgoing, content, fault);
  outgoing.end(content);
}

function truncate(
  outgoing: ServerResponse,
  content: Buffer,
  { chunked = false, keepBytes = Math.floor(content.length / 2) }: Extract<Failing, { kind: 'truncate' }>,
): void {
  if (chunked) outgoing.setHeader('Transfer-Encoding', 'chunked');
  else outgoing.setHeader('Content-Length', content.length);
  outgoing.flushHeaders();
  // A moment for what was sent to be read: a connection that ends on unread data may take it along.
  outgoing.write(content.subarray(0, keepBytes), () => setTimeout(() => outgoing.socket?.destroy(), 20));
}

async function drip(
  outgoing: ServerResponse,
  content: Buffer,
  { ms, pieces = 10 }: Extract<Failing, { kind: 'drip' }>,
): Promise<void> {
  outgoing.flushHeaders();
  const size = Math.max(1, Math.ceil(content.length / pieces));
  for (let at = 0; at < content.length; at += size) {
    await new Promise((passed) => setTimeout(passed, ms / pieces));
    if (outgoing.destroyed) return;
    outgoing.write(content.subarray(at, at + size));
  }
  outgoing.end();
}
