/** Gives a short name to each key that the sources only ever hand to `i18n.t` as it stands. */
export function shortNames(keys: readonly string[], sources: readonly string[]): ReadonlyMap<string, string>;
/** A source with short names in the place of its keys. */
export function withShortNames(text: string, names: ReadonlyMap<string, string>): string;
/** A browser's list of messages with short names in the place of its keys. */
export function messagesByShortNames(messages: object, names: ReadonlyMap<string, string>): object;
/** The short names of this repository's messages. */
export function ownShortNames(): ReadonlyMap<string, string>;
