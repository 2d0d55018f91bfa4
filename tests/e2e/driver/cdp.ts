import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

type Params = Record<string, unknown>;
type Listener = (method: string, params: any, sessionId: string | undefined) => void;

/** One attachment to a target, or to the browser itself. */
export type Session = {
  readonly id: string | undefined;
  send(method: string, params?: Params, timeoutMs?: number): Promise<any>;
  detach(): Promise<void>;
};

export type Target = {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
  readonly title: string;
  readonly embedderData?: { readonly tabActive?: boolean };
};

/**
 * The DevTools protocol over the browser's own pipe. Nothing is attached to unless asked:
 * a worker somebody is attached to never falls asleep.
 */
export type Cdp = Session & {
  on(listener: Listener): () => void;
  /** Every target, tabs and workers included. */
  targets(): Promise<Target[]>;
  attach(targetId: string): Promise<Session>;
};

/** Speaks over the third and fourth file of a browser started with `--remote-debugging-pipe`. */
export function connect(child: ChildProcess): Cdp {
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { done(result: unknown): void; failed(error: Error): void; session?: string }>();
  const listeners = new Set<Listener>();
  let last = 0;
  let rest = '';
  let end: Error | undefined;

  const failAll = (why: string, session?: string) => {
    for (const [id, { failed, session: of }] of waiting) {
      if (session !== undefined && of !== session) continue;
      waiting.delete(id);
      failed(new Error(why));
    }
  };

  const receive = (text: string) => {
    const { id, result, error, method, params, sessionId } = JSON.parse(text);
    if (id !== undefined) {
      const call = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) call?.done(result);
      else call?.failed(new Error(error.message));
      return;
    }
    if (method === 'Inspector.targetCrashed') failAll('the target crashed', sessionId);
    if (method === 'Target.detachedFromTarget') failAll('the target is gone', params.sessionId);
    for (const listener of listeners) listener(method, params, sessionId);
  };

  input.on('error', () => {}); // The exit below says it better.
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop()!;
    messages.forEach(receive);
  });
  child.once('exit', (code, signal) => {
    end = new Error(`the browser ended (${signal ?? code})`);
    failAll(end.message);
  });

  const sendTo =
    (session: string | undefined): Session['send'] =>
    (method, params = {}, timeoutMs = 30_000) =>
      new Promise((done, failed) => {
        if (end !== undefined) return failed(end);
        const id = ++last;
        const timer = setTimeout(() => {
          waiting.delete(id);
          failed(new Error(`no answer to ${method} within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting.set(id, {
          done(result) {
            clearTimeout(timer);
            done(result);
          },
          failed(error) {
            clearTimeout(timer);
            failed(error);
          },
          ...(session === undefined ? {} : { session }),
        });
        input.write(`${JSON.stringify({ id, method, params, ...(session && { sessionId: session }) })}\0`);
      });

  const send = sendTo(undefined);
  return {
    id: undefined,
    send,
    detach: async () => {},
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    targets: async () => (await send('Target.getTargets', { filter: [{}] })).targetInfos,
    async attach(targetId) {
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return {
        id: sessionId,
        send: sendTo(sessionId),
        detach: () => send('Target.detachFromTarget', { sessionId }).then(() => {}),
      };
    },
  };
}
