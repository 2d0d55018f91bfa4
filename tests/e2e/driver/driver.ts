/** What a test may do with a browser, the same in every browser. No test knows which library or protocol is behind it. */

export type Name = string | RegExp;
export type Waiting = { readonly timeoutMs?: number };

/** One element, found anew by each operation, with the waiting a person would do before acting on it. */
export type Locator = {
  /** Presses the mouse on it, once it is there, enabled and not covered. */
  click(options?: Waiting): Promise<void>;
  /** Replaces what a field holds. */
  fill(text: string, options?: Waiting): Promise<void>;
  text(options?: Waiting): Promise<string>;
  value(options?: Waiting): Promise<string>;
  attribute(name: string, options?: Waiting): Promise<string | null>;
  isEnabled(options?: Waiting): Promise<boolean>;
  /** Whether one is there now, without waiting. */
  isVisible(): Promise<boolean>;
  /** How many are there now, without waiting. */
  count(): Promise<number>;
  waitFor(options?: Waiting): Promise<void>;
  waitUntilGone(options?: Waiting): Promise<void>;
};

export type Violation = {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly string[];
};

/** A part of the screen somebody reads and works with: a page, a popup, or the panel inside a page. */
export type Scope = {
  /** The visible text. */
  text(): Promise<string>;
  /** Whether that text is there now. */
  has(text: Name): Promise<boolean>;
  waitFor(text: Name, options?: Waiting): Promise<void>;
  waitUntilGone(text: Name, options?: Waiting): Promise<void>;
  button(name: Name): Locator;
  link(name: Name): Locator;
  /** A text field, by its label. */
  field(label: Name): Locator;
  role(role: string, name?: Name): Locator;
  css(selector: string): Locator;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  /** One key, with modifiers if need be: `Enter`, `Shift+Tab`. */
  press(key: string): Promise<void>;
  /** The role and name of what has the focus, as `button "Copy"`. */
  focused(): Promise<string>;
  axe(): Promise<Violation[]>;
};

export type Media = {
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active' | 'none';
  readonly reducedMotion?: 'reduce' | 'no-preference';
};

export type Page = Scope & {
  url(): Promise<string>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  bringToFront(): Promise<void>;
  isClosed(): Promise<boolean>;
  close(): Promise<void>;
  /** Runs in the page itself, so the function must hold all it needs; arguments and result go as JSON. */
  evaluate<T, A extends readonly unknown[]>(fn: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  waitUntil<A extends readonly unknown[]>(fn: (...args: A) => unknown, args: A, options?: Waiting): Promise<void>;
  setMedia(media: Media): Promise<void>;
  setZoom(factor: number): Promise<void>;
  screenshot(file?: string): Promise<Uint8Array>;
};

/** Fob's panel inside a page: behind a closed shadow root, so only a browser's own tools see it. */
export type Panel = Scope & {
  isOpen(): Promise<boolean>;
};

export type ToolbarIcon = { readonly title: string; readonly badge: string; readonly popup: string };

export type StorageContents = {
  readonly local: Record<string, unknown>;
  readonly session: Record<string, unknown>;
  readonly sync: Record<string, unknown>;
};

/** What happens to the profile while no browser has it open. */
export type Meanwhile = () => void | Promise<void>;

export type Browser = {
  readonly name: 'chromium' | 'firefox';
  readonly version: string;
  readonly extensionOrigin: string;
  readonly profileFolder: string;
  /** The browser's main process. */
  pid(): number;
  open(url: string): Promise<Page>;
  /** Every tab, popups left out. */
  pages(): Promise<Page[]>;
  /** Presses Fob's button in the toolbar while that page is the active tab. */
  popup(on: Page): Promise<Page>;
  /** One of the extension's pages in a tab, as `popup.html`. */
  extensionPage(path: string): Promise<Page>;
  panel(on: Page): Panel;
  icon(on: Page): Promise<ToolbarIcon>;
  /** Runs with the extension's own API but without any of its code, so it wakes nothing. */
  inExtension<T, A extends readonly unknown[]>(fn: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  storage(): Promise<StorageContents>;
  /** What an idle browser does to the extension's background, at once. */
  killWorker(): Promise<void>;
  workerAlive(): Promise<boolean>;
  /**
   * What a person will answer when the extension asks for these origins: yes. Nothing is allowed before it asks, and what is
   * not named here stays unanswered in Chromium, and is allowed in Firefox.
   */
  grantHosts(origins: readonly string[]): Promise<void>;
  /** Takes the permission for these origins away, as a person does on the browser's own page. */
  withholdHosts(origins: readonly string[]): Promise<void>;
  /** Starts the extension anew, as an update does; pages stay as they are. */
  reloadExtension(): Promise<void>;
  /** Quits and starts again with the same profile; earlier pages are gone. `meanwhile` runs while it is ended. */
  restart(meanwhile?: Meanwhile): Promise<void>;
  /** As `restart`, but every process of it is killed at once, without a word: what a crash or a power button does to it. */
  sigkill(meanwhile?: Meanwhile): Promise<void>;
  close(): Promise<void>;
};

/** The only network a browser under test sees. */
export type Network = {
  /** TLS on this port answers for every one of the hosts. */
  readonly port: number;
  /** A CONNECT proxy on this port leads to the same place and nowhere else. */
  readonly proxyPort: number;
  /** SHA-256 of the certificate's public key, base64. */
  readonly spki: string;
  readonly hosts: readonly string[];
};

export type LaunchOptions = {
  readonly network: Network;
  readonly headed?: boolean;
  /** The built extension; the one of this repository if left out. */
  readonly extension?: string;
  /** Told what a person should know about the start, in a sentence. */
  readonly say?: (sentence: string) => void;
};
