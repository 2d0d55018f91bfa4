import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapes, tenantMark } from './tenant-mark';

describe('the mark of a tenant', () => {
  it('is the same for the same id, whatever the tenant is called now', () => {
    const before = tenantMark({ id: 't-1', name: 'Northwind' });
    const after = tenantMark({ id: 't-1', name: 'Northwind Retail Group' });

    expect(after).toEqual(before);
  });

  it('has one of eight hues and one of six shapes for any id', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const { hue, shape } = tenantMark({ id, name: 'x' });

        expect(hue).toBeGreaterThanOrEqual(1);
        expect(hue).toBeLessThanOrEqual(8);
        expect(shapes).toContain(shape);
      }),
    );
  });

  it('tells apart ids that differ in one digit', () => {
    const ids = Array.from({ length: 480 }, (_, index) => `7d0a51c8-1111-4222-8333-${String(index).padStart(12, '0')}`);
    const marks = new Map<string, number>();
    for (const id of ids) {
      const { hue, shape } = tenantMark({ id });
      marks.set(`${hue} ${shape}`, (marks.get(`${hue} ${shape}`) ?? 0) + 1);
    }

    expect(marks.size).toBe(48);
    expect(Math.max(...marks.values())).toBeLessThan(30);
  });

  it.each([
    ['Northwind', 'N'],
    ['  [prod] contoso', 'P'],
    ['🚀 rocket', 'R'],
    ['株式会社', '株'],
    ['كونتوسو', 'ك'],
    ['42 West', '4'],
    ['!!!', '·'],
  ])('takes from %s the letter %s', (name, letter) => {
    expect(tenantMark({ id: 'x', name }).letter).toBe(letter);
  });
});
