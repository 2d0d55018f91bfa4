import { expect, it } from 'vitest';
import { now, session } from '../../components/fixtures/session';
import { tally } from './place';

it('counts as kept alive only what the vendor confirmed, not what is still being asked for', () => {
  const asking = session({ id: 'b', askingSince: now });
  const borrowed = session({ id: 'c', provenance: 'borrowed' });

  expect(tally([session(), asking, borrowed], now)).toEqual({ kept: 1, need: 0 });
});
