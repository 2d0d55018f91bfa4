import { describe, expect, it } from 'vitest';
import { type Neighbour, neighbour, offer } from './neighbour';

const lent = (): Neighbour => ({ isAlive: () => true }) as Neighbour;

describe('what a console script lends', () => {
  it('is the newest offer', () => {
    const newer = lent();
    offer(lent());

    offer(newer);

    expect(neighbour()).toBe(newer);
  });

  it('is gone when it is taken back', () => {
    const takeBack = offer(lent());

    takeBack();

    expect(neighbour()).toBeUndefined();
  });

  it('is not taken away by an older script that ends late', () => {
    const newer = lent();
    const endOlder = offer(lent());
    offer(newer);

    endOlder();

    expect(neighbour()).toBe(newer);
  });
});
