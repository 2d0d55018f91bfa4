import type { Found } from './session';

/** One of a page's two web stores. A value is read only by its name. */
export type PageStore = {
  readonly names: () => readonly string[];
  readonly get: (name: string) => string | null;
};

/** How a console that keeps its session in its page's web storage is read. */
export type StorageReader = {
  /**
   * `signed_out`: no place where this console keeps a session is in use; `unreadable`: one is, and there is no live token in
   * it. `now` in epoch ms.
   */
  readonly read: (stores: readonly PageStore[], page: URL, now: number) => Found;
};
