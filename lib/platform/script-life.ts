import browser from './browser';

/** The newest life of each console's script in this page, where no page looks. */
const world = globalThis as { [place: symbol]: AbortController | undefined };
/** Says in the page that a script begins: the only way to one that a Fob before this one has left behind. */
const BEGINS = 'fob-script';

/**
 * The life of a console's script: until a newer one takes its place, or Fob is gone from under it. The build puts it where WXT
 * has its own, which each script would carry five times as large (docs/adr/0020).
 */
export class ContentScriptContext {
  readonly #end = new AbortController();

  /** `name` is the script's: scripts of two consoles may live in one page. */
  constructor(name: string) {
    const place = Symbol.for(`fob script ${name}`);
    world[place]?.abort();
    world[place] = this.#end;
    document.dispatchEvent(new Event(BEGINS));
    // A page can say it, too: whoever has a Fob goes on.
    document.addEventListener(BEGINS, () => this.isValid, { signal: this.#end.signal });
  }

  /** Whether it goes on. A script that has lost its Fob ends by being asked. */
  get isValid(): boolean {
    // Untyped in what an update has left behind.
    if ((browser.runtime as { id?: string } | undefined)?.id === undefined) this.#end.abort();
    return !this.#end.signal.aborted;
  }

  /** Has `listener` called at the end. */
  onInvalidated(listener: () => void): void {
    this.#end.signal.addEventListener('abort', listener);
  }
}
