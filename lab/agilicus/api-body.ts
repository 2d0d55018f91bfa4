import { invalid } from './errors';

/** A request's JSON object; keys nobody knows are left in it. */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('application/json')) throw invalid('The body must be application/json');
  const value = parsed(await request.text());
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('The body must be an object');
  return value as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('The body is not JSON');
  }
}

/** A text that must be there. */
export function needText(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw invalid(`'${name}' is a required property`);
  return value;
}

/** A list of texts that must be there. */
export function needTexts(body: Record<string, unknown>, name: string): string[] {
  const value = body[name];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) {
    throw invalid(`'${name}' is a required property`);
  }
  return value as string[];
}

/** An object that may be left out. */
export function optionalObject(body: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`'${name}' must be an object`);
  return value as Record<string, unknown>;
}

/** A whole, positive number in the query, or the default. */
export function limitIn(url: URL, byDefault: number): number {
  const text = url.searchParams.get('limit');
  if (text === null) return byDefault;
  if (!/^[1-9]\d*$/.test(text)) throw invalid("'limit' must be a positive integer");
  return Number(text);
}

/** A truth value in the query. */
export function flagIn(url: URL, name: string): boolean | undefined {
  const text = url.searchParams.get(name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw invalid(`'${name}' must be a boolean`);
  return text === 'true';
}
