import { tenantMark } from '../../components/tenant-mark';
import type { KeepingPolicy, SessionView, View } from '../../lib/core/view';
import type { OwnHost } from './built-in-hosts';

/** What is decided for one console. */
export type ConsoleSetting = { readonly console: string; readonly keep: KeepingPolicy; readonly panelHidden: boolean };

/** A tenant with the chip by which it is told apart; what it is called, where its vendor gives a name. */
export type TenantEntry = {
  readonly vendor: string;
  readonly console: string;
  readonly id: string;
  readonly name?: string;
  readonly letter: string;
  readonly shape: string;
  readonly hue: number;
};

/** Fob's settings as a file. Every member is named here and in `allowed`, and no other gets in or out. */
export type SettingsFile = {
  readonly fob: 'settings';
  readonly version: 1;
  readonly preferences: NonNullable<View['preferences']>;
  readonly consoles: readonly ConsoleSetting[];
  readonly hosts: readonly OwnHost[];
  readonly tenants: readonly TenantEntry[];
};

/** What Fob has of what goes into the file. */
export type Current = {
  readonly preferences: View['preferences'];
  readonly consoles: readonly ConsoleSetting[];
  readonly hosts: readonly OwnHost[];
  readonly sessions: readonly SessionView[];
};

/** Why a file is not taken; `place`: where in it. */
export type Fault =
  { readonly why: 'not_settings' | 'newer' | 'too_large' } | { readonly why: 'fault'; readonly place: string };

/** Larger than any settings (characters). */
const LARGEST = 1_000_000;
/** More than anybody has of anything in it. */
const MOST = 10_000;

type Test = (value: unknown) => boolean;
type Members = Readonly<Record<string, Test>>;

const isText: Test = (value) => typeof value === 'string' && value.length > 0 && value.length <= 512;
const isFlag: Test = (value) => typeof value === 'boolean';
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const oneOf =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value);
/** An origin and nothing more: no path, no query, no name and password. */
const isOrigin: Test = (value) =>
  isText(value) &&
  /^https?:/.test(value as string) &&
  URL.canParse(value as string) &&
  new URL(value as string).origin === value;

/** Everything a file may hold. A list is checked entry by entry. */
const allowed = {
  preferences: { isMasked: maybe(isFlag), clearsClipboard: maybe(isFlag) },
  consoles: { console: isOrigin, keep: oneOf('ask', 'always', 'never'), panelHidden: isFlag },
  hosts: { vendor: isText, console: isOrigin, api: isOrigin },
  tenants: {
    vendor: isText,
    console: isOrigin,
    id: isText,
    name: maybe(isText),
    letter: isText,
    shape: isText,
    hue: (value) => Number.isInteger(value),
  },
} as const satisfies Readonly<Record<string, Members>>;
type Part = keyof typeof allowed;
const parts = Object.keys(allowed) as Part[];

/** The settings as text. Each member is picked by its name: what else the read model may hold some day stays out. */
export function writeSettings({ preferences, consoles, hosts, sessions }: Current): string {
  const tenants = new Map(
    sessions.map(({ vendor, console, tenant }): [string, TenantEntry] => [
      `${console} ${tenant.id}`,
      { vendor: vendor.id, console, ...tenant, ...tenantMark(tenant) },
    ]),
  );
  const all: Record<Part, unknown> = {
    preferences: preferences ?? {},
    consoles,
    hosts,
    tenants: [...tenants.values()],
  };
  const only = (part: Part, one: object): object =>
    Object.fromEntries(
      Object.keys(allowed[part])
        .map((name) => [name, (one as Record<string, unknown>)[name]] as const)
        .filter(([, value]) => value !== undefined),
    );
  const picked = parts.map((part) => {
    const value = all[part];
    return [part, Array.isArray(value) ? value.map((one: object) => only(part, one)) : only(part, value as object)];
  });
  return `${JSON.stringify({ fob: 'settings', version: 1, ...Object.fromEntries(picked) }, undefined, 2)}\n`;
}

/** Reads a file somebody chose: settings whole and with nothing else in them, or why not. */
export function readSettings(text: string): SettingsFile | Fault {
  if (text.length > LARGEST) return { why: 'too_large' };
  let file: Readonly<Record<string, unknown>>;
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed) || parsed['fob'] !== 'settings') return { why: 'not_settings' };
    file = parsed;
  } catch {
    // No JSON at all: some other file.
    return { why: 'not_settings' };
  }
  if (Number(file['version']) > 1) return { why: 'newer' };
  const stray = strayIn(file, [...parts, 'fob', 'version']);
  if (stray !== undefined || file['version'] !== 1) return { why: 'fault', place: stray ?? 'version' };
  for (const part of parts) {
    const value = file[part];
    const isList = part !== 'preferences';
    if (isList !== Array.isArray(value) || (isList && (value as unknown[]).length > MOST))
      return { why: 'fault', place: part };
    for (const [index, one] of (isList ? (value as unknown[]) : [value]).entries()) {
      const place = isList ? `${part} ${index + 1}` : part;
      if (!isRecord(one)) return { why: 'fault', place };
      const members: Readonly<Record<string, Test>> = allowed[part];
      const wrong =
        strayIn(one, Object.keys(members)) ?? Object.keys(members).find((name) => !members[name]?.(one[name]));
      if (wrong !== undefined) return { why: 'fault', place: `${place}: ${wrong.slice(0, 40)}` };
    }
  }
  return file as unknown as SettingsFile;
}

/** What taking a file in would change here. What is not in the file stays, and of what is here already the same stays. */
export type Changes = {
  readonly consoles: readonly (ConsoleSetting & { readonly was: KeepingPolicy })[];
  /** To be allowed first, each by the person. */
  readonly hosts: readonly OwnHost[];
  /** Known here with another API: the sessions there belong to that one, so it stays. */
  readonly kept: readonly OwnHost[];
  readonly preferences: SettingsFile['preferences'];
};

/** Compares a file with what there is. */
export function changesOf(file: SettingsFile, { consoles, hosts, preferences = {} }: Current): Changes {
  const here = new Map(consoles.map((one) => [one.console, one]));
  const own = new Map(hosts.map((one) => [one.console, one]));
  const isOther = ({ vendor, console, api }: OwnHost): boolean =>
    own.get(console)?.api !== api || own.get(console)?.vendor !== vendor;
  return {
    consoles: file.consoles.flatMap((one) => {
      const { keep = 'ask', panelHidden = false } = here.get(one.console) ?? {};
      return keep === one.keep && panelHidden === one.panelHidden ? [] : [{ ...one, was: keep }];
    }),
    hosts: file.hosts.filter(({ console }) => !own.has(console)),
    kept: file.hosts.filter((one) => own.has(one.console) && isOther(one)),
    preferences: Object.fromEntries(
      Object.entries(file.preferences).filter(([name, is]) => is !== (preferences[name as 'isMasked'] ?? false)),
    ),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const strayIn = (one: object, names: readonly string[]): string | undefined =>
  Object.keys(one).find((name) => !names.includes(name));
