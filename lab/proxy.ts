import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A forward proxy for browsers that cannot be told where a name lives. */
export type LabProxy = { readonly port: number; close(): Promise<void> };

/** Starts a proxy that leads the allowed hosts to the lab's port, whatever port was asked for, and refuses every other host. */
export async function startProxy({
  hosts,
  target,
}: {
  readonly hosts: ReadonlySet<string>;
  readonly target: number;
}): Promise<LabProxy> {
  const open = new Set<Socket>();
  const server = createServer((_, answer) => answer.writeHead(403).end());
  server.on('connection', (socket) => track(socket, open));
  server.on('connect', (request, downstream: Socket, head) => {
    const host = (request.url ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!hosts.has(host)) {
      downstream.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = track(connect(target, '127.0.0.1'), open);
    upstream.on('connect', () => {
      downstream.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(downstream);
      downstream.pipe(upstream);
    });
    upstream.on('close', () => downstream.destroy());
    downstream.on('close', () => upstream.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of open) socket.destroy();
      }),
  };
}

function track(socket: Socket, open: Set<Socket>): Socket {
  open.add(socket);
  // A browser that goes away mid-flight is not the proxy's business.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => open.delete(socket));
  return socket;
}
