import type { InferInput } from 'valibot';
import type { Failed, Outcome } from '../core/failure';
import type { Operations } from '../operations/index';
import browser from '../platform/browser';

/** A call as it crosses from one part of Fob to the background. */
export type Call = { readonly fob: keyof Operations; readonly input: unknown };
/** What the background tells the parts on a console's page. */
export type Notice = { readonly fob: 'changed' | 'look' };

/** What crosses over is copied: nobody there can change what is here. */
type Given<T> = T extends readonly (infer One)[]
  ? readonly Given<One>[]
  : T extends object
    ? { readonly [Key in keyof T]: Given<T[Key]> }
    : T;
type Input<Name extends keyof Operations> = Given<InferInput<Operations[Name]['input']>>;
type Answer<Name extends keyof Operations> =
  Awaited<ReturnType<Operations[Name]['run']>> extends infer Out ? (Out extends Failed ? never : Out) : never;

/** Asks the background for one operation. Never throws: silence is a failure like any other. */
export async function call<Name extends keyof Operations>(
  name: Name,
  input: Input<Name>,
): Promise<Answer<Name> | Failed> {
  try {
    const answer: unknown = await browser.runtime.sendMessage({ fob: name, input } satisfies Call);
    if (isOutcome(answer)) return answer as Answer<Name> | Failed;
  } catch {
    // No receiver, or it died with the answer: which of the two, the browsers do not say in one way.
  }
  return { ok: false, failure: { code: 'not_answering' } };
}

/** Hears what the background tells this page; gives back how to stop. */
export function onNotice(listener: (notice: Notice['fob']) => void): () => void {
  const hear = (message: unknown): undefined => {
    if (typeof message !== 'object' || message === null || !('fob' in message)) return;
    if (message.fob === 'changed' || message.fob === 'look') listener(message.fob);
  };
  browser.runtime.onMessage.addListener(hear);
  return () => browser.runtime.onMessage.removeListener(hear);
}

/** Hears that what is shown may have changed; gives back how to stop. */
export function onChanged(listener: () => void): () => void {
  return onNotice((notice) => {
    if (notice === 'changed') listener();
  });
}

function isOutcome(answer: unknown): answer is Outcome<unknown> {
  return typeof answer === 'object' && answer !== null && 'ok' in answer;
}
