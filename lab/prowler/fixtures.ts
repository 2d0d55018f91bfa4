import type { ServerClock } from '../settings';
import { addMembership, addPerson, addTenant, type Person, type Tenant, type World } from './world';

/** The people every test may count on. */
export type FixturePeople = {
  /** Owner of Northwind, member of Contoso and Fabrikam. */
  readonly ana: Person;
  /** Member of Northwind, of a tenant with a long name, and of one written right to left. */
  readonly ben: Person;
  /** Has an account and no tenant. */
  readonly chloe: Person;
};

/** The tenants every test may count on. */
export type FixtureTenants = Readonly<
  Record<'northwind' | 'contoso' | 'fabrikam' | 'longName' | 'rightToLeft', Tenant>
>;

let made = 0;

/** A password nobody else has, recognisable wherever it leaks to. */
export const canaryPassword = (): string => `canary-pw-${(++made).toString(36).padStart(4, '0')}-Aa1!`;

/** Fills an empty world. */
export function plant(
  world: World,
  now: ServerClock,
  userCount: number,
): { people: FixturePeople; tenants: FixtureTenants } {
  const person = (name: string, companyName = ''): Person =>
    addPerson(world, now, {
      name,
      email: `${name.toLowerCase().replaceAll(' ', '.')}@northwind.example`,
      password: canaryPassword(),
      companyName,
    });
  const tenants = {
    northwind: addTenant(world, now, 'Northwind Retail'),
    contoso: addTenant(world, now, 'Contoso Health'),
    fabrikam: addTenant(world, now, 'Fabrikam Labs'),
    longName: addTenant(
      world,
      now,
      'Wide World Importers and Tailspin Toys Joint Procurement, Logistics and Security Operations (Western Europe)',
    ),
    rightToLeft: addTenant(world, now, 'שירותי ענן אדוונצ׳ר'),
  };
  const people = {
    ana: person('Ana Ruiz', 'Northwind Retail'),
    ben: person('Ben Okafor'),
    chloe: person('Chloe Martin'),
  };
  addMembership(world, now, { person: people.ana, tenant: tenants.northwind, role: 'owner' });
  addMembership(world, now, { person: people.ana, tenant: tenants.contoso });
  addMembership(world, now, { person: people.ana, tenant: tenants.fabrikam });
  for (const tenant of [tenants.northwind, tenants.longName, tenants.rightToLeft]) {
    addMembership(world, now, { person: people.ben, tenant });
  }
  for (let number = world.people.length + 1; number <= userCount; number += 1) {
    addMembership(world, now, { person: person(`Person ${number}`), tenant: tenants.northwind });
  }
  return { people, tenants };
}
