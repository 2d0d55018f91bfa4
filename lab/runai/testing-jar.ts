/** A browser's cookies, by host, path and name. */
export type Jar = {
  headerFor(address: URL): string;
  keep(address: URL, lines: readonly string[]): void;
};

/** Starts without any. */
export function createJar(): Jar {
  const cookies = new Map<string, { readonly host: string; readonly path: string; readonly pair: string }>();
  return {
    headerFor: ({ host, pathname }) =>
      [...cookies.values()]
        .filter((one) => one.host === host && pathname.startsWith(one.path))
        .map(({ pair }) => pair)
        .join('; '),
    keep({ host }, lines) {
      for (const line of lines) {
        const [pair = ''] = line.split(';', 1);
        const at = pair.indexOf('=');
        const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/';
        const name = `${host} ${path} ${pair.slice(0, at)}`;
        if (pair.length === at + 1) cookies.delete(name);
        else cookies.set(name, { host, path, pair });
      }
    },
  };
}
