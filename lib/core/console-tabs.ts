import type { TabView } from './view';

/** What one console tab was last seen with. `container`: the Firefox container it lives in. */
export type SeenTab = TabView & { readonly container?: string };

/** A request of a page's own that was answered, as the browser tells of it. Lives in memory only. */
export type WireRequest = {
  readonly tab: number;
  /** Origin of the page that asked. */
  readonly page: string;
  readonly url: URL;
  /** The whole header. */
  readonly authorization: string;
  readonly status: number;
  /** Firefox container. */
  readonly container?: string;
};

/** The tabs of consoles, as far as operations need them. */
export type ConsoleTabs = {
  /** What each was last seen with, by tab id. */
  readonly all: () => Promise<Readonly<Record<string, SeenTab>>>;
  readonly set: (tab: number, seen: SeenTab | undefined) => Promise<void>;
  /** Lets go of tabs that are closed. */
  readonly prune: () => Promise<void>;
  /** Asks the console in a tab to look at its session again, where the reading rule lets it. */
  readonly look: (tab: number) => Promise<void>;
  readonly showPanel: (tab: number) => Promise<void>;
  readonly reload: (tab: number) => Promise<void>;
  /** Opens a page in a tab: an address, or a page of Fob's own by its file name. */
  readonly open: (address: string) => Promise<void>;
  readonly openPopup: () => Promise<void>;
  /** Where the page in a tab says its API is, where it says so and Fob may look: the page's word, and no more. */
  readonly namedApi: (tab: number) => Promise<string | undefined>;
};
