import { badBody } from './errors';

/** A request's fields by their names in lower case: the control plane takes `AppId` for `appID`. */
export type Fields = { text(name: string): string | undefined };

/** Reads a JSON body; none at all is an empty one. */
export async function readJson(request: Request): Promise<Fields> {
  const body = await request.text();
  if (body === '') return fieldsOf({});
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badBody();
  return fieldsOf(value as Record<string, unknown>);
}

/** Reads a form, whose names are taken as they are; nothing when the body is of another type. */
export async function readForm(request: Request): Promise<Fields | undefined> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('application/x-www-form-urlencoded')) return undefined;
  const form = new URLSearchParams(await request.text());
  return { text: (name) => nonEmpty(form.get(name)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badBody();
  }
}

function fieldsOf(body: Record<string, unknown>): Fields {
  const lower = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
  return { text: (name) => nonEmpty(lower.get(name.toLowerCase())) };
}

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
