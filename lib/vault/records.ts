import * as v from 'valibot';
import type { Head, Labels, Secrets, State } from '../core/state';
import type { Instant } from '../core/time';
import { checksum } from './checksum';
import { migrations } from './migrations';

/** The schema this Fob writes. A record of a later one is left alone. */
export const SCHEMA = 2;

const text = v.pipe(v.string(), v.maxLength(512));
const when = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.transform((ms) => ms as Instant),
);
const lifetime = v.object({ issuedAt: when, expiresAt: v.exactOptional(when) });
const code = text as unknown as v.GenericSchema<NonNullable<Head['trouble']>['code']>;

const revision = v.pipe(v.number(), v.integer(), v.minValue(0));

const headRecord = v.object({
  /** Grows with everything that happens to the session: of two copies the higher is the newer. Also the journal's next place. */
  revision,
  id: text,
  vendor: text,
  console: text,
  api: text,
  tenant: text,
  subject: text,
  container: v.exactOptional(text),
  provenance: v.picklist(['borrowed', 'own', 'entered']),
  generation: v.pipe(v.number(), v.integer(), v.minValue(1)),
  token: lifetime,
  fingerprint: v.exactOptional(text),
  refresh: v.exactOptional(lifetime),
  renewAtFraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  keeping: v.picklist(['offered', 'watched', 'kept', 'paused', 'stopped_signed_out', 'stopped_unused']),
  keptUntil: v.exactOptional(when),
  usedAt: when,
  seen: v.exactOptional(v.object({ at: when, expiresAt: v.exactOptional(when) })),
  confirmedAt: v.exactOptional(when),
  clockAheadMs: v.exactOptional(v.pipe(v.number(), v.integer())),
  lease: v.exactOptional(v.object({ rung: text, spends: v.boolean(), at: when, until: when })),
  unansweredSince: v.exactOptional(when),
  refused: v.exactOptional(
    v.object({ access: v.exactOptional(code), refresh: v.exactOptional(code), client: v.exactOptional(code) }),
  ),
  trouble: v.exactOptional(
    v.object({ code, at: when, retryAt: v.exactOptional(when), times: v.pipe(v.number(), v.integer()) }),
  ),
  renewedAt: v.exactOptional(when),
  attemptedAt: v.exactOptional(when),
  parent: v.exactOptional(text),
  root: v.exactOptional(text),
  ids: v.exactOptional(v.record(text, text)),
  isApart: v.exactOptional(v.literal(true)),
  hasClient: v.exactOptional(v.literal(true)),
  previous: v.exactOptional(lifetime),
});

/** A head as it is stored. */
export type HeadRecord = v.InferOutput<typeof headRecord>;

const sealedDocument = v.object({
  labels: v.object({
    person: v.exactOptional(v.string()),
    email: v.exactOptional(v.string()),
    tenant: v.exactOptional(v.string()),
    roles: v.array(v.string()),
  }),
  secrets: v.object({
    access: v.string(),
    refresh: v.exactOptional(v.string()),
    client: v.exactOptional(v.record(v.string(), v.string())),
    previous: v.exactOptional(v.string()),
  }),
});

/** What stands behind a session's seal. */
export type SealedDocument = { readonly labels: Labels; readonly secrets: Secrets };

const policy = v.object({
  keep: v.picklist(['ask', 'always', 'never']),
  panelHidden: v.exactOptional(v.boolean()),
  isRefused: v.exactOptional(v.boolean()),
});
/** The person's choices, as they are stored and asked for. */
export const preferences = v.object({
  isMasked: v.exactOptional(v.boolean()),
  clearsClipboard: v.exactOptional(v.boolean()),
});
const fobRecord = v.object({
  /** Grows with every step. */
  revision,
  installedAt: v.exactOptional(when),
  consent: v.exactOptional(v.object({ version: v.number(), at: when })),
  preferences: v.exactOptional(preferences),
  policies: v.record(v.string(), policy),
  deployments: v.exactOptional(v.record(text, v.object({ vendor: text, console: text, api: text }))),
  /** The console of each stored session, by its id: all that can be told of one whose record is lost. */
  sessions: v.record(text, text),
  damage: v.exactOptional(v.object({ at: when, local: v.number(), copy: v.number(), lost: v.array(text) })),
  /** Sessions whose records are being taken away from here: should the worker die over it, the next one finishes. */
  leaving: v.exactOptional(v.array(text)),
});

/** The one record that names all others: settings, and the ids of the stored sessions. */
export type FobRecord = v.InferOutput<typeof fobRecord>;

/**
 * What was read: a record and its text as this Fob writes it; nothing there; what a disk has changed by itself; one that a later Fob
 * wrote, or whole and yet not understood. The last two are never written over.
 */
export type Reading<T> =
  | { readonly kind: 'record'; readonly record: T; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'newer' }
  | { readonly kind: 'unreadable' };

/** A record as it is stored: text with its schema and checksum, so that a changed letter is seen. */
export const written = (record: object): string => wrapped(JSON.stringify(record));

/** A seal as it is stored: whether it is whole can be told without opening it. */
export const wrapped = (seal: string): string => `${SCHEMA}:${sumOf(String(SCHEMA), seal)}:${seal}`;

/** The seal in a stored text; undefined where the disk has changed it. Schema 1 stored the seal itself, which has no colon where later ones have theirs. */
export function sealIn(stored: unknown): string | undefined {
  if (typeof stored !== 'string') return undefined;
  const [, schema, sum, seal] = WRAPPED.exec(stored) ?? [];
  if (seal === undefined) return /^.(?:.{9})?:/s.test(stored) ? undefined : stored;
  return sumOf(schema, seal) === sum ? seal : undefined;
}

/** The schema is a letter like any other, and may be changed like any other. */
const sumOf = (schema: string | undefined, rest: string): string => checksum(`${schema}:${rest}`);

const WRAPPED = /^(\d{1,6}):([^:]*):(.*)$/s;

/** What is in a stored text, and of which schema. Schema 1 stored the document itself. */
export function unwrapped(stored: unknown): { readonly schema: number; readonly document?: unknown } | undefined {
  if (typeof stored !== 'string') {
    const old = v.safeParse(v.looseObject({ schema: v.number() }), stored);
    return old.success ? { schema: old.output.schema, document: old.output } : undefined;
  }
  const [, schema, sum, json] = WRAPPED.exec(stored) ?? [];
  // Of a later schema nothing is known, not even its checksum.
  if (Number(schema) > SCHEMA) return { schema: Number(schema) };
  if (json === undefined || sumOf(schema, json) !== sum) return undefined;
  try {
    return { schema: Number(schema), document: JSON.parse(json) as unknown };
  } catch {
    // Its checksum fits, yet it is no JSON: not written by any Fob.
    return undefined;
  }
}

function reading<Schema extends v.GenericSchema>(
  kind: 'head' | 'fob',
  schema: Schema,
  stored: unknown,
): Reading<v.InferOutput<Schema>> {
  if (stored === undefined) return { kind: 'absent' };
  const found = unwrapped(stored);
  if (found === undefined) return { kind: 'damaged' };
  if (found.schema > SCHEMA) return { kind: 'newer' };
  let { document } = found;
  for (let from = found.schema; document !== undefined && from < SCHEMA; from += 1) {
    document = v.is(v.looseObject({}), document) ? migrations[from]?.[kind](document) : undefined;
  }
  const parsed = v.safeParse(schema, document);
  if (!parsed.success) return { kind: 'unreadable' };
  const isCurrent = found.schema === SCHEMA && typeof stored === 'string';
  return { kind: 'record', record: parsed.output, text: isCurrent ? stored : written(parsed.output as object) };
}

/** Reads a stored head. */
export const readHead = (stored: unknown): Reading<HeadRecord> => reading('head', headRecord, stored);
/** Reads the stored settings and index. */
export const readFob = (stored: unknown): Reading<FobRecord> => reading('fob', fobRecord, stored);

/** What was behind a seal; undefined when nothing was opened, or it is not what Fob writes. */
function readOpened<T>(schema: v.GenericSchema<unknown, T>, opened: string | undefined): T | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(String(opened)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Authenticated, yet no JSON: written by something that was not this Fob.
    return undefined;
  }
}

/** Reads a session's names and secrets. */
export const readSealed = (opened: string | undefined): SealedDocument | undefined =>
  readOpened(sealedDocument as v.GenericSchema<unknown, SealedDocument>, opened);

const tenantsDocument = v.object({ fetchedAt: when, items: v.array(v.object({ id: v.string(), name: v.string() })) });

/** A list of tenants as it is sealed. */
export type TenantsDocument = v.InferOutput<typeof tenantsDocument>;

/** Reads a sealed list of tenants. */
export const readTenants = (opened: string | undefined): TenantsDocument | undefined =>
  readOpened(tenantsDocument as v.GenericSchema<unknown, TenantsDocument>, opened);

const journalEntry = v.object({
  at: when,
  type: text,
  code: v.exactOptional(code),
  rung: v.exactOptional(text),
  /** It was due then, and nothing woke Fob before. */
  dueAt: v.exactOptional(when),
});

/** One line of a session's journal: what happened and its code, never a name, never a secret. */
export type JournalEntry = v.InferOutput<typeof journalEntry>;

/** Reads a stored line of a journal; none when it is not what Fob writes. */
export function readJournalEntry(stored: unknown): readonly JournalEntry[] {
  const parsed = v.safeParse(journalEntry, unwrapped(stored)?.document ?? stored);
  return parsed.success ? [parsed.output] : [];
}

/** Names of the keys in the browser's storage. */
export const key = {
  fob: 'fob',
  /** In memory only: the stores were compared since the browser began. */
  checked: 'checked',
  head: (id: string) => `head:${id}`,
  sealed: (id: string) => `sealed:${id}`,
  tenants: (id: string) => `tenants:${id}`,
  journal: (id: string, place: number) => `journal:${id}:${place}`,
  tombstone: (id: string) => `tombstone:${id}`,
} as const;

/** Journal entries kept for one session; the oldest makes room. */
export const JOURNAL_LENGTH = 40;

/** Every key a session may have. */
export function keysOf(id: string): readonly string[] {
  return [
    key.head(id),
    key.sealed(id),
    key.tenants(id),
    ...Array.from({ length: JOURNAL_LENGTH }, (_, place) => key.journal(id, place)),
  ];
}

/** What is behind a seal has not changed since the first schema: bound to a later one, no earlier seal would open. */
const SEAL = 1;

/**
 * What a seal is bound to: the session, where its tokens may go, whose they are, which grant. Times, state and lease are
 * not, so that they can be written while the seal stays shut.
 */
export function associatedData(kind: 'sealed' | 'tenants', head: Head): string {
  const bound = kind === 'sealed' ? [head.provenance, head.generation] : [];
  return JSON.stringify([SEAL, kind, head.id, head.console, head.api, ...bound]);
}

/** local outlives the browser, session only the worker. */
export type Area = 'local' | 'session';

/** The two stores that outlive the browser and hold the same records. */
export type Lasting = 'local' | 'copy';

/** Sessions that are only seen, not kept, live in memory alone: "Fob has not stored it" is then true. What a person typed is meant to stay. */
export function areaOf(head: Head): Area {
  if (head.provenance === 'entered' || head.hasClient) return 'local';
  return head.keeping === 'offered' || head.keeping === 'watched' ? 'session' : 'local';
}

/** The settings and index record of a state. */
export function fobRecordOf(
  state: State,
  rest: {
    readonly revision: number;
    readonly unread: Readonly<Record<string, string>>;
    readonly leaving: readonly string[];
  },
): FobRecord {
  const stored = Object.values(state.heads).filter((head) => areaOf(head) === 'local');
  return {
    revision: rest.revision,
    ...(state.installedAt === undefined ? {} : { installedAt: state.installedAt }),
    ...(state.consent ? { consent: state.consent } : {}),
    ...(state.preferences ? { preferences: { ...state.preferences } } : {}),
    policies: { ...state.policies },
    ...(Object.keys(state.deployments).length > 0 ? { deployments: { ...state.deployments } } : {}),
    ...(state.damage ? { damage: { ...state.damage, lost: [...state.damage.lost] } } : {}),
    sessions: { ...rest.unread, ...Object.fromEntries(stored.map((head) => [head.id, head.console])) },
    ...(rest.leaving.length > 0 ? { leaving: [...rest.leaving] } : {}),
  };
}

/** Ids of the sessions whose records lie in an area. */
export function idsIn(state: State, area: Area): string[] {
  return Object.values(state.heads)
    .filter((head) => areaOf(head) === area)
    .map((head) => head.id);
}
