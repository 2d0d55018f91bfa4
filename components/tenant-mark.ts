/** The six outlines a tenant's chip can have. */
export const shapes = ['hexagon', 'circle', 'diamond', 'leaf', 'shield', 'square'] as const;

/** One of the six outlines. */
export type Shape = (typeof shapes)[number];

/** How a tenant is told apart at a glance: never by colour alone. `hue` is 1 to 8. */
export type TenantMark = { readonly letter: string; readonly shape: Shape; readonly hue: number };

const HUES = 8;

/** The mark of a tenant: the same on every surface and in every session, because it comes from the id alone. */
export function tenantMark(tenant: { readonly id: string; readonly name?: string }): TenantMark {
  const hash = fnv1a(tenant.id);
  return {
    letter: firstLetter(tenant.name ?? tenant.id),
    // Different bits for each, so that tenants of one hue still differ in shape.
    hue: (hash % HUES) + 1,
    shape: shapes[(hash >>> 12) % shapes.length] ?? 'circle',
  };
}

/** The first letter or digit; a name may begin with a bracket, an emoji or a mark that says nothing. */
function firstLetter(name: string): string {
  return (name.match(/[\p{L}\p{N}]/u)?.[0] ?? '·').toLocaleUpperCase();
}

/** FNV-1a over UTF-16 units, with a last mix: ids that differ in one digit must not look alike. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
