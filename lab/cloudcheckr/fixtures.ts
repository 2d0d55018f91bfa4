import type { ServerClock } from '../settings';
import { addCustomer, addUser, partnerRole, type Customer, type User, type World } from './world';

/** The people every test may count on. */
export type FixturePeople = {
  /** Runs a partner with customers on two levels under it (us). */
  readonly dana: User;
  /** Works for one of those customers, and sees that one only (us). */
  readonly eli: User;
  /** Sees her own customer, and one she was allowed besides (eu). */
  readonly freya: User;
  /** Alone with a customer in Australia. */
  readonly george: User;
  /** Alone with a customer of the government's region. */
  readonly hana: User;
};

/** The customers every test may count on. */
export type FixtureCustomers = Readonly<
  Record<
    | 'partner'
    | 'contoso'
    | 'fabrikam'
    | 'fabrikamWest'
    | 'rightToLeft'
    | 'outsider'
    | 'adventure'
    | 'wingtip'
    | 'tailspin'
    | 'lucerne',
    Customer
  >
>;

/** Fills an empty world. */
export function plant(world: World, now: ServerClock): { people: FixturePeople; customers: FixtureCustomers } {
  const add = (input: Parameters<typeof addCustomer>[2]): Customer => addCustomer(world, now, input);
  const partner = add({ name: 'Northwind Cloud Partners', region: 'us' });
  const fabrikam = add({ name: 'Fabrikam Labs', parent: partner });
  const adventure = add({ name: 'Adventure Works', region: 'eu' });
  const customers = {
    partner,
    contoso: add({ name: 'Contoso Health', parent: partner }),
    fabrikam,
    fabrikamWest: add({ name: 'Fabrikam Labs West', parent: fabrikam }),
    rightToLeft: add({ name: 'שירותי ענן אדוונצ׳ר', parent: partner }),
    outsider: add({ name: 'Proseware', region: 'us' }),
    adventure,
    wingtip: add({ name: 'Wingtip Toys', region: 'eu' }),
    tailspin: add({ name: 'Tailspin Rail', region: 'au' }),
    lucerne: add({ name: 'Lucerne County', region: 'gov' }),
  };
  const person = (name: string, customer: Customer, roles?: readonly string[]): User =>
    addUser(world, {
      name,
      email: `${name.toLowerCase().replaceAll(' ', '.')}@northwind.example`,
      customer,
      ...(roles === undefined ? {} : { roles }),
    });
  const people = {
    dana: person('Dana Whitlock', partner, [partnerRole]),
    eli: person('Eli Santos', customers.contoso),
    freya: person('Freya Lindqvist', adventure),
    george: person('George Papas', customers.tailspin),
    hana: person('Hana Mori', customers.lucerne),
  };
  people.freya.grants.add(customers.wingtip.id);
  return { people, customers };
}
