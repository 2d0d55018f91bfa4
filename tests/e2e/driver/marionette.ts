import { connect as connectSocket } from 'node:net';

/**
 * Firefox's own remote control, used in its privileged context only: one context means that
 * no two pages ever wait for each other's switch.
 */
export type Marionette = {
  readonly version: string;
  /** Runs a function inside Firefox; it must hold all it needs. */
  run<T, A extends readonly unknown[]>(fn: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  send(command: string, params?: Record<string, unknown>): Promise<any>;
  close(): void;
};

type Call = { done(result: unknown): void; failed(error: Error): void };

const scriptTimeoutMs = 30_000;

/** Connects to a Firefox that listens on this port. */
export async function connectMarionette(port: number): Promise<Marionette> {
  const socket = connectSocket(port, '127.0.0.1');
  const waiting = new Map<number, Call>();
  let buffer = Buffer.alloc(0);
  let last = 0;

  const failAll = (why: string) => {
    for (const { failed } of waiting.values()) failed(new Error(why));
    waiting.clear();
  };

  const greeted = new Promise<void>((done, failed) => {
    socket.on('error', (error) => {
      failed(error);
      failAll(error.message);
    });
    socket.on('close', () => failAll('Firefox ended'));
    socket.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        // Each message is its length, a colon, and JSON.
        const colon = buffer.indexOf(':');
        if (colon < 0) return;
        const end = colon + 1 + Number(buffer.subarray(0, colon));
        if (buffer.length < end) return;
        const message = JSON.parse(buffer.subarray(colon + 1, end).toString());
        buffer = buffer.subarray(end);
        if (!Array.isArray(message)) {
          done();
          continue;
        }
        const [, id, error, result] = message;
        const call = waiting.get(id);
        waiting.delete(id);
        if (error === null) call?.done(result);
        else call?.failed(new Error(`${error.error}: ${error.message}`));
      }
    });
  });
  await greeted;

  const send = (command: string, params: Record<string, unknown> = {}) =>
    new Promise<any>((done, failed) => {
      if (socket.destroyed) return failed(new Error('Firefox ended'));
      const id = ++last;
      waiting.set(id, { done, failed });
      const text = JSON.stringify([0, id, command, params]);
      // In one piece: Firefox may wait for ever for the second of two.
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });

  const { capabilities } = await send('WebDriver:NewSession', { acceptInsecureCerts: true });
  await send('WebDriver:SetTimeouts', { script: scriptTimeoutMs });
  await send('Marionette:SetContext', { value: 'chrome' });

  return {
    version: `Firefox/${capabilities.browserVersion}`,
    send,
    async run(fn, ...args) {
      const script = `
        const [done, ...rest] = [arguments[arguments.length - 1], ...Array.prototype.slice.call(arguments, 0, -1)];
        Promise.resolve().then(() => (${fn})(...rest)).then(
          (value) => done(JSON.stringify({ value })),
          (error) => done(JSON.stringify({ error: String(error) })),
        );`;
      const answer = await send('WebDriver:ExecuteAsyncScript', { script, args, sandbox: 'system', newSandbox: true });
      const { value, error } = JSON.parse(answer.value);
      if (error !== undefined) throw new Error(error);
      return value;
    },
    close: () => socket.destroy(),
  };
}
