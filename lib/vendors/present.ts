type Maybe<T> = { readonly [Name in keyof T]: T[Name] | null | undefined };

/** What is there of a value's members: an absent one stays absent and never becomes `undefined` or `null`. */
export const present = <T extends object>(all: Maybe<T>): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null)) as T;
