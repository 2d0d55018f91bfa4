/** Gives each class and animation of each sheet (its file and its text) a name of its own. */
export function shortClasses(sheets: readonly (readonly [file: string, text: string])[]): NameOf;
/** The short names of this repository's classes. */
export function ownShortClasses(): NameOf;

type NameOf = (name: string, file: string) => string;
