import { describe, expect, it } from 'vitest';
import { searchNames } from './search-names';

const names = [
  'Northwind Retail',
  'Contoso Health',
  'Zürcher Kantonalbank',
  '株式会社ノースウインド',
  'Wide World Importers',
  'كونتوسو للرعاية',
];
const find = (query: string) => searchNames(names, query).map(({ index }) => names[index]);

describe('a search among names', () => {
  it.each([
    ['north', 'Northwind Retail'],
    ['retail north', 'Northwind Retail'],
    ['contsoo', 'Contoso Health'],
    ['zurcher', 'Zürcher Kantonalbank'],
    ['ノース', '株式会社ノースウインド'],
    ['كونتوسو', 'كونتوسو للرعاية'],
  ])('finds by %s the name %s', (query, name) => {
    expect(find(query)).toContain(name);
  });

  it('says which parts matched, so that they can be marked', () => {
    expect(searchNames(names, 'health')).toEqual([{ index: 1, ranges: [8, 14] }]);
  });

  it('gives the whole list, in its order, to an empty question', () => {
    expect(find('  ')).toEqual(names);
  });

  it('finds nothing where nothing is like it', () => {
    expect(find('xyzzy')).toEqual([]);
    expect(find('***')).toEqual([]);
  });
});
