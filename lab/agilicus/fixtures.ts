import type { ServerClock } from '../settings';
import { newId } from './ids';
import { addOrg, addPerson, type Domain, type Org, type Person, type World } from './world';

/** The domains of the lab. A domain is three hosts, so none can be added while it runs. */
export type FixtureDomains = {
  /** A name of the vendor's. */
  readonly northwind: Domain;
  /** A name of the customer's own. */
  readonly contoso: Domain;
};

/** The organisations every test may count on. */
export type FixtureOrgs = Readonly<
  Record<'northwind' | 'logistics' | 'stores' | 'longName' | 'rightToLeft' | 'contoso' | 'contosoLabs', Org>
>;

/** The people every test may count on. */
export type FixturePeople = {
  /** Owner of Northwind, viewer in Logistics and in the one with the long name. */
  readonly ana: Person;
  /** Viewer in Northwind and in the one written right to left. */
  readonly ben: Person;
  /** Owner of Contoso and viewer of its labs, at the customer's own domain. */
  readonly chloe: Person;
  /** Has an account and no organisation. */
  readonly dana: Person;
};

/** Makes the domains. */
export const fixtureDomains = (): FixtureDomains => ({
  northwind: { name: 'northwind.agilicus.cloud', issuerId: newId() },
  contoso: { name: 'cloud.contoso.example', issuerId: newId() },
});

/** Fills an empty world. */
export function plant(
  world: World,
  now: ServerClock,
  domains: FixtureDomains,
): { readonly orgs: FixtureOrgs; readonly people: FixturePeople } {
  const root = (name: string, domain: Domain): Org => addOrg(world, now, { name, domain });
  const under = (parent: Org, name: string): Org => addOrg(world, now, { name, domain: parent.domain, parent });
  const northwind = root('Northwind Retail', domains.northwind);
  const contoso = root('Contoso Health', domains.contoso);
  const orgs = {
    northwind,
    logistics: under(northwind, 'Northwind Logistics'),
    stores: under(northwind, 'Northwind Stores'),
    longName: under(
      northwind,
      'Wide World Importers and Tailspin Toys Joint Procurement, Logistics and Security Operations (Western Europe)',
    ),
    rightToLeft: under(northwind, 'שירותי ענן אדוונצ׳ר'),
    contoso,
    contosoLabs: under(contoso, 'Contoso Labs'),
  };
  const person = (name: string, domain: Domain): Person =>
    addPerson(world, { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@${mailHost(domain)}`, domain });
  const people = {
    ana: person('Ana Ruiz', domains.northwind),
    ben: person('Ben Okafor', domains.northwind),
    chloe: person('Chloe Martin', domains.contoso),
    dana: person('Dana Novak', domains.northwind),
  };
  const places: readonly (readonly [Person, Org, 'owner' | 'viewer'])[] = [
    [people.ana, orgs.northwind, 'owner'],
    [people.ana, orgs.logistics, 'viewer'],
    [people.ana, orgs.longName, 'viewer'],
    [people.ben, orgs.northwind, 'viewer'],
    [people.ben, orgs.rightToLeft, 'viewer'],
    [people.chloe, orgs.contoso, 'owner'],
    [people.chloe, orgs.contosoLabs, 'viewer'],
  ];
  world.memberships.push(...places.map(([{ id: userId }, { id: orgId }, role]) => ({ userId, orgId, role })));
  return { orgs, people };
}

const mailHost = ({ name }: Domain): string => (name.includes('contoso') ? 'contoso.example' : 'northwind.example');
