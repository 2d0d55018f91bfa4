import { randomUUID } from 'node:crypto';
import { addAccount, addPerson, type Person, type Tenant, type World } from './world';

/** The host of the shared realms, which answers for every tenant on it. */
export const sharedHost = 'app.run.ai';

/** The tenants every test may count on. A tenant is a host, so none can be added while the lab runs. */
export type FixtureTenants = {
  /** Shared realms. */
  readonly northwind: Tenant;
  /** Shared realms, too. */
  readonly contoso: Tenant;
  /** Of the newer kind, with its realm on its own host. */
  readonly fabrikam: Tenant;
  /** Run by the customer, on a host of their own. */
  readonly adventureWorks: Tenant;
};

/** The people every test may count on. */
export type FixturePeople = {
  /** Administrator of Northwind, and in Contoso and Fabrikam. */
  readonly ana: Person;
  /** In Northwind and Adventure Works. */
  readonly ben: Person;
  /** Nowhere. */
  readonly chloe: Person;
};

/** Makes the tenants. */
export function fixtureTenants(): FixtureTenants {
  const tenant = (name: string, host: string, { authHost = host, realm }: { authHost?: string; realm: string }) => ({
    id: randomUUID(),
    name,
    host,
    realm,
    issuer: `https://${authHost}/auth/realms/${realm}`,
  });
  return {
    northwind: tenant('Northwind Retail', 'northwind.run.ai', { authHost: sharedHost, realm: 'northwind' }),
    contoso: tenant('Contoso Health', 'contoso.run.ai', { authHost: sharedHost, realm: 'contoso' }),
    fabrikam: tenant('Fabrikam Labs', 'fabrikam.nv.run.ai', { realm: 'fabrikam' }),
    adventureWorks: tenant('Adventure Works', 'runai.adventure-works.example', { realm: 'runai' }),
  };
}

/** Makes the people and their accounts. */
export function plantPeople(world: World, tenants: FixtureTenants): FixturePeople {
  const ana = addPerson(world, { name: 'Ana Ruiz', email: 'ana.ruiz@northwind.example' });
  const ben = addPerson(world, { name: 'Ben Okafor', email: 'ben.okafor@northwind.example' });
  const chloe = addPerson(world, { name: 'Chloe Martin', email: 'chloe.martin@northwind.example' });
  addAccount(world, ana, tenants.northwind, true);
  addAccount(world, ana, tenants.contoso);
  addAccount(world, ana, tenants.fabrikam);
  addAccount(world, ben, tenants.northwind);
  addAccount(world, ben, tenants.adventureWorks);
  return { ana, ben, chloe };
}
