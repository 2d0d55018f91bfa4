import { fieldError, invalidFields, parseError, unsupportedMediaType, wrongType, type ErrorObject } from './errors';

/** How a field is written and whether it may be left out. */
export type Field = { readonly as: 'text' | 'uuid'; readonly optional?: boolean };

/** What a request's fields came to. */
export type Fields<Shape extends Record<string, Field>> = {
  [Name in keyof Shape]: Shape[Name] extends { readonly optional: true } ? string | undefined : string;
};

/** Reads a request's attributes and checks each field, or throws the vendor's words for what is wrong. */
export async function readFields<Shape extends Record<string, Field>>(
  request: Request,
  type: string,
  shape: Shape,
): Promise<Fields<Shape>> {
  const attributes = await readAttributes(request, type);
  const errors: ErrorObject[] = [];
  const fields: Record<string, string | undefined> = {};
  for (const [name, field] of Object.entries(shape)) {
    const checked = check(attributes[name], field);
    if ('value' in checked) fields[name] = checked.value;
    else errors.push(fieldError(name, checked.detail, checked.code));
  }
  if (errors.length > 0) throw invalidFields(errors);
  return fields as Fields<Shape>;
}

async function readAttributes(request: Request, type: string): Promise<Record<string, unknown>> {
  // The content type of nothing is not looked at.
  const text = await request.clone().text();
  if (text === '') return {};
  const contentType = request.headers.get('content-type') ?? '';
  switch (contentType.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/vnd.api+json':
      return attributesOf(text, type);
    case 'application/x-www-form-urlencoded':
    case 'multipart/form-data':
      return Object.fromEntries(await request.formData());
    default:
      throw unsupportedMediaType(contentType);
  }
}

function attributesOf(text: string, type: string): Record<string, unknown> {
  const document = parse(text);
  if (!isObject(document) || !('data' in document)) throw parseError('Received document does not contain primary data');
  const { data } = document;
  if (!isObject(data)) throw parseError('Received data is not a valid JSON:API Resource Identifier Object');
  if (data.type !== type) throw wrongType(data.type, type);
  return isObject(data.attributes) ? data.attributes : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw parseError('JSON parse error - Expecting value: line 1 column 1 (char 0)');
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Checked = { readonly value: string | undefined } | { readonly detail: string; readonly code: string };

function check(given: unknown, { as, optional = false }: Field): Checked {
  if (given === undefined) {
    return optional ? { value: undefined } : { detail: 'This field is required.', code: 'required' };
  }
  if (given === null) return { detail: 'This field may not be null.', code: 'null' };
  switch (as) {
    case 'text':
      return checkText(given);
    case 'uuid':
      return checkUuid(given);
  }
}

function checkText(given: unknown): Checked {
  if (typeof given !== 'string' && typeof given !== 'number') return { detail: 'Not a valid string.', code: 'invalid' };
  const value = String(given).trim();
  return value === '' ? { detail: 'This field may not be blank.', code: 'blank' } : { value };
}

function checkUuid(given: unknown): Checked {
  const digits = typeof given === 'string' ? given.replaceAll('-', '').toLowerCase() : '';
  if (!/^[0-9a-f]{32}$/.test(digits)) return { detail: 'Must be a valid UUID.', code: 'invalid' };
  return { value: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}
