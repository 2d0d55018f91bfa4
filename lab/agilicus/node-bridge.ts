import { createServer, request as ask, type IncomingMessage, type RequestListener } from 'node:http';
import { duplexPair } from 'node:stream';

/** Lets a server written for Node's own HTTP answer the lab's requests: over a stream in memory, without a port. */
export function bridgeTo(listener: RequestListener): (request: Request) => Promise<Response> {
  const server = createServer(listener);
  return async (request) => {
    const url = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    const [near, far] = duplexPair();
    server.emit('connection', far);
    const answer = await new Promise<IncomingMessage>((answered, failed) => {
      const outgoing = ask({
        // Nothing goes out: the connection is the stream.
        createConnection: () => near,
        path: url.pathname + url.search,
        method: request.method,
        headers: {
          ...Object.fromEntries(request.headers),
          host: url.host,
          'x-forwarded-proto': 'https',
          'content-length': String(body.length),
        },
      });
      outgoing.on('error', failed);
      outgoing.on('response', answered);
      outgoing.end(body);
    });
    return answerOf(answer);
  };
}

async function answerOf(incoming: IncomingMessage): Promise<Response> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    if (hopByHop.has(name)) continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = incoming.statusCode ?? 500;
  const bodiless = status === 204 || status === 304;
  return new Response(bodiless ? null : new Uint8Array(Buffer.concat(pieces)), { status, headers });
}

// Of this connection only; the date is the front's.
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);
