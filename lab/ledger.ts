import type { Holder } from './holder';

/** Ids (`jti`) of tokens by kind: never the tokens. */
export type TokenIds = { readonly access: readonly string[]; readonly refresh: readonly string[] };

/** One request as the lab saw it. Holds no token, no cookie, no body and no query value. */
export type LedgerEntry = {
  readonly id: number;
  /** Epoch milliseconds by this computer's clock. */
  readonly at: number;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly queryNames: readonly string[];
  readonly holder: Holder;
  readonly origin?: string;
  /** The scheme of the Authorization header, when there was one. */
  readonly scheme?: string;
  /** Ids of tokens the request carried, in its Authorization header, query or body. */
  presented: TokenIds;
  /** Ids of tokens the server made for this answer, whether or not the answer arrived. */
  issued: TokenIds;
  /** Ids of tokens a console handed out that existed before. */
  disclosed: TokenIds;
  /** What went out; absent while the answer is pending and when none was sent. */
  status?: number;
  /** Kinds of the faults applied, in order. */
  readonly faults: string[];
};

/** What a search asks for; what is left out matches anything. */
export type LedgerQuery = {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string | RegExp;
  readonly holder?: Holder;
};

/** Every request the lab met, in order of arrival. */
export type Ledger = {
  readonly entries: readonly LedgerEntry[];
  of(query: LedgerQuery): LedgerEntry[];
  /** Who showed which refresh token to a token endpoint in order to spend it. */
  refreshTokensPresented(): Map<string, Set<Holder>>;
  clear(): void;
};

/** The side of the ledger that writes. */
export type LedgerBook = Ledger & { open(entry: Omit<LedgerEntry, 'id' | 'at' | OpenedEmpty>): LedgerEntry };

type OpenedEmpty = 'presented' | 'issued' | 'disclosed' | 'faults' | 'status';

/** Where refresh tokens are spent: endpoints of their own, and those of every grant. */
const spends = /\/(?:tokens\/refresh|token)$/;

/** No tokens of either kind. */
const noTokens: TokenIds = { access: [], refresh: [] };

/** Opens an empty ledger. */
export function createLedger(): LedgerBook {
  const entries: LedgerEntry[] = [];
  let last = 0;
  return {
    entries,
    open(seen) {
      const entry: LedgerEntry = {
        ...seen,
        id: ++last,
        at: Date.now(),
        presented: noTokens,
        issued: noTokens,
        disclosed: noTokens,
        faults: [],
      };
      entries.push(entry);
      return entry;
    },
    of: (query) => entries.filter((entry) => matches(entry, query)),
    refreshTokensPresented() {
      const holders = new Map<string, Set<Holder>>();
      for (const { holder, presented } of entries.filter(({ path }) => spends.test(path))) {
        for (const jti of presented.refresh) holders.set(jti, (holders.get(jti) ?? new Set()).add(holder));
      }
      return holders;
    },
    clear: () => void entries.splice(0),
  };
}

function matches(entry: LedgerEntry, { host, method, path, holder }: LedgerQuery): boolean {
  return (
    (host === undefined || entry.host === host) &&
    (method === undefined || entry.method === method) &&
    (holder === undefined || entry.holder === holder) &&
    (path === undefined || (typeof path === 'string' ? entry.path === path : path.test(entry.path)))
  );
}

const jwt = /eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g;

/** The ids of all tokens in a text, by the kind each says it is. */
export function tokenIdsIn(text: string): TokenIds {
  const found = { access: new Set<string>(), refresh: new Set<string>() };
  for (const [, payload = ''] of text.matchAll(jwt)) {
    const claims = claimsIn(payload);
    if (claims.typ === 'access' || claims.typ === 'refresh') found[claims.typ].add(String(claims.jti));
  }
  return { access: [...found.access], refresh: [...found.refresh] };
}

/** The ids of those tokens in a text that a vendor knows it made, opaque ones too. */
export function knownTokenIdsIn(text: string, idOf: (token: string) => string | undefined): TokenIds {
  const ids = [...text.matchAll(/[\w.-]+/g)].map(([token]) => idOf(token)).filter((id) => id !== undefined);
  return { access: [...new Set(ids)], refresh: [] };
}

/** The ids that any of the vendors finds. */
export const allTokenIds =
  (finders: readonly ((text: string) => TokenIds)[]) =>
  (text: string): TokenIds => {
    const found = finders.map((find) => find(text));
    return { access: found.flatMap(({ access }) => access), refresh: found.flatMap(({ refresh }) => refresh) };
  };

function claimsIn(payload: string): { readonly typ?: unknown; readonly jti?: unknown } {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  } catch {
    // Looks like a token and is none: there is nothing to note.
    return {};
  }
}
