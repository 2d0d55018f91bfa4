import { request } from 'node:https';

/** What came back, body and all. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly text: string;
  /** The body parsed; throws when it is no JSON. */
  json(): unknown;
};

/** What is sent. A string body goes as it is, anything else as JSON. */
export type Call = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Sends one request to a host of the lab over TLS; rejects when no whole answer came. */
export function send(port: number, address: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Reply> {
  const { hostname, pathname, search } = new URL(address);
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((answered, failed) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      servername: hostname,
      path: pathname + search,
      method,
      agent: false,
      rejectUnauthorized: false,
      headers: {
        Host: hostname,
        ...(text === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(text)) }),
        ...headers,
      },
    });
    outgoing.on('error', failed);
    outgoing.on('response', (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', failed);
      incoming.on('end', () => {
        const whole = Buffer.concat(pieces).toString();
        answered({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
          setCookies: incoming.headers['set-cookie'] ?? [],
          text: whole,
          json: () => JSON.parse(whole) as unknown,
        });
      });
    });
    outgoing.end(text);
  });
}
