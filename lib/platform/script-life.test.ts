// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import browser from './browser';
import { ContentScriptContext } from './script-life';

vi.mock(import('./browser'), () => ({ default: { runtime: { id: 'fob' } } }) as never);
const runtime = browser.runtime as { id?: string };
beforeEach(() => (runtime.id = 'fob'));

/** A script of a Fob before this one: what comes later runs in a world of its own, and does not find it there. */
function scriptOfEarlierFob(): ContentScriptContext {
  const script = new ContentScriptContext('prowler');
  Reflect.deleteProperty(globalThis, Symbol.for('fob script prowler'));
  return script;
}

const onEnd = (script: ContentScriptContext) => {
  const end = vi.fn<() => void>();
  script.onInvalidated(end);
  return end;
};

describe("a console's script", () => {
  it('ends when the same script is put into the page again', () => {
    const script = new ContentScriptContext('prowler');
    const end = onEnd(script);

    const newer = new ContentScriptContext('prowler');

    expect(end).toHaveBeenCalledTimes(1);
    expect([script.isValid, newer.isValid]).toEqual([false, true]);
  });

  it("lets another console's script live beside it", () => {
    const script = new ContentScriptContext('prowler');

    const other = new ContentScriptContext('runai');

    expect([script.isValid, other.isValid]).toEqual([true, true]);
  });

  it('ends, left behind by an update, when the new Fob puts a script into the page', () => {
    const left = scriptOfEarlierFob();
    const end = onEnd(left);
    // In the world that was left behind only.
    delete runtime.id;

    document.dispatchEvent(new Event('fob-script'));

    expect(end).toHaveBeenCalledTimes(1);
  });

  it('tells of its beginning in the page, and nothing else', () => {
    const heard = vi.fn<(event: Event) => void>();
    const posted = vi.spyOn(window, 'postMessage');
    document.addEventListener('fob-script', heard);

    const script = new ContentScriptContext('prowler');

    document.removeEventListener('fob-script', heard);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(heard.mock.calls[0]?.[0]).not.toHaveProperty('detail');
    expect(posted).not.toHaveBeenCalled();
    expect(script.isValid).toBe(true);
  });

  it('is not ended by a page that says the same', () => {
    const script = new ContentScriptContext('prowler');
    const end = onEnd(script);

    document.dispatchEvent(new CustomEvent('fob-script', { detail: { contentScriptName: 'prowler', messageId: 'x' } }));

    expect(end).not.toHaveBeenCalled();
    expect(script.isValid).toBe(true);
  });

  it('ends once, by being asked, where Fob is gone', () => {
    const script = new ContentScriptContext('prowler');
    const end = onEnd(script);
    delete runtime.id;

    expect([script.isValid, script.isValid]).toEqual([false, false]);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('is asked for nothing that it has not, whatever its type names', () => {
    const sources = readdirSync('entrypoints')
      .filter((name) => name.endsWith('.content'))
      .map((name) => readFileSync(`entrypoints/${name}/index.ts`, 'utf8'));
    const asked = sources.flatMap((text) => [...text.matchAll(/\bcontext\.(\w+)/g)].map(([, member]) => member));

    expect(new Set(asked)).toEqual(new Set(['onInvalidated', 'isValid']));
  });
});
