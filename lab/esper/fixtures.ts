import { randomUUID } from 'node:crypto';
import type { Tenant } from './tenants';
import { addUser, type User, type World } from './world';

/** The people every test may count on. */
export type FixturePeople = {
  /** Has a login in Northwind. */
  readonly nia: User;
  /** The same person with the same login in Contoso. */
  readonly niaAtContoso: User;
  /** Works for Contoso only. */
  readonly omar: User;
  /** Works for the tenant whose name has a hyphen. */
  readonly priya: User;
};

/** The tenants every test may count on. */
export type FixtureTenants = Readonly<Record<'northwind' | 'contoso' | 'fabrikamLabs', Tenant>>;

/** Makes a database with tenants, people and devices. */
export function planted(): { world: World; people: FixturePeople; tenants: FixtureTenants } {
  const tenant = (slug: string, name: string): Tenant => ({ slug, name, enterpriseId: randomUUID() });
  const tenants = {
    northwind: tenant('northwind', 'Northwind Retail'),
    contoso: tenant('contoso', 'Contoso Health'),
    fabrikamLabs: tenant('fabrikam-labs', 'Fabrikam Labs'),
  };
  const world: World = { tenants: Object.values(tenants), users: [], devices: [] };
  const nia = { name: 'Nia Adeyemi', email: 'nia.adeyemi@northwind.example', password: 'canary-esper-pw-nia-Aa1!' };
  const people = {
    nia: addUser(world, { ...nia, tenant: tenants.northwind }),
    niaAtContoso: addUser(world, { ...nia, tenant: tenants.contoso }),
    omar: addUser(world, { name: 'Omar Haddad', email: 'omar@contoso.example', tenant: tenants.contoso }),
    priya: addUser(world, { name: 'Priya Nair', email: 'priya@fabrikam.example', tenant: tenants.fabrikamLabs }),
  };
  for (const one of world.tenants) {
    for (const [index, model] of ['Kiosk T2', 'Kiosk T2', 'Handheld H5', 'Signage S1'].entries()) {
      const name = `${one.slug.toUpperCase().slice(0, 3)}-${String(index + 1).padStart(4, '0')}`;
      world.devices.push({ id: randomUUID(), tenant: one, name, model, state: index === 3 ? 'Inactive' : 'Active' });
    }
  }
  return { world, people, tenants };
}
