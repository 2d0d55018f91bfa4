import type { EsperSettings } from './settings';

/** A date as the vendor may write it: ISO 8601 in UTC each time, but not the same each time. */
export function dateText(at: number, form: EsperSettings['dateForm']): string {
  const iso = new Date(at).toISOString();
  const micros = `${iso.slice(0, -1)}203`;
  switch (form) {
    case 'seconds':
      return `${iso.slice(0, 19)}Z`;
    case 'micros':
      return `${micros}Z`;
    case 'python':
      return `${micros.replace('T', ' ')}+00:00`;
  }
}
