/**
 * The few globals of the pure folders that are no part of the language and yet know no clock, page or network: every
 * browser and Node have them. Only tsconfig.pure.json reads this; elsewhere they come with the DOM's types.
 */

interface URLSearchParams extends Iterable<[string, string]> {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  toString(): string;
}
declare var URLSearchParams: {
  new (init?: string | Record<string, string> | Iterable<[string, string]>): URLSearchParams;
};

interface URL {
  readonly hash: string;
  readonly host: string;
  readonly hostname: string;
  readonly href: string;
  readonly origin: string;
  readonly pathname: string;
  readonly port: string;
  readonly protocol: string;
  readonly search: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
}
declare var URL: {
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string, base?: string | URL): boolean;
};

declare function structuredClone<T>(value: T): T;
declare function atob(text: string): string;

declare var TextDecoder: {
  new (label: 'utf-8', options: { readonly fatal: boolean }): { decode(bytes: Uint8Array): string };
};
