// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Neighbour, offer } from '../../lib/rpc/neighbour';
import panel from './index';

const unanswered = { ok: false, failure: { code: 'not_answering' } } as const;
const lent = (isAlive = true, answer: object = unanswered): Neighbour => ({
  call: vi.fn<() => Promise<never>>().mockResolvedValue(answer as never),
  onChanged: () => () => undefined,
  isAlive: () => isAlive,
});
const inject = (): void => void panel.main();
const panels = (): readonly Element[] => [...document.querySelectorAll('fob-panel')];

let withdraw = (): void => undefined;
// No layout here.
document.elementsFromPoint = () => [];
afterEach(() => {
  withdraw();
  for (const one of panels()) one.remove();
});

describe('the panel, injected', () => {
  it('is not there twice, and asks again instead', () => {
    const neighbour = lent();
    withdraw = offer(neighbour);

    inject();
    inject();

    expect(panels()).toHaveLength(1);
    expect(neighbour.call).toHaveBeenCalledTimes(2);
  });

  it('gives way to one that belongs to a newer Fob', () => {
    withdraw = offer(lent());
    inject();
    const [older] = panels();

    withdraw = offer(lent());
    inject();

    expect(panels()).toHaveLength(1);
    expect(panels()[0]).not.toBe(older);
  });

  it('goes on with the script that took the place of its own', async () => {
    const gone = lent(false, { ok: true, value: undefined });
    const isAlive = vi.spyOn(gone, 'isAlive').mockReturnValueOnce(true);
    withdraw = offer(gone);
    inject();
    const [older] = panels();

    const newer = lent();
    withdraw = offer(newer);

    await vi.waitFor(() => expect(newer.call).toHaveBeenCalledWith('panel', {}));
    expect(isAlive).toHaveBeenCalledTimes(2);
    expect(panels()).toHaveLength(1);
    expect(panels()[0]).not.toBe(older);
  });

  it('comes back where the page threw it away', () => {
    withdraw = offer(lent());
    inject();
    panels()[0]?.remove();

    inject();

    expect(panels()).toHaveLength(1);
  });

  it.each([
    ['no console script is there', undefined],
    ['the console script has lost its Fob', lent(false)],
  ])('does nothing where %s', (_, neighbour) => {
    if (neighbour) withdraw = offer(neighbour);

    inject();

    expect(panels()).toHaveLength(0);
  });
});
