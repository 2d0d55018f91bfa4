// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mountPanel, type PanelPlace } from './mount';

let place: PanelPlace | undefined;
afterEach(() => place?.remove());

describe('the place of the panel', () => {
  it('is closed to the page', () => {
    place = mountPanel(document);

    expect(place.host.isConnected).toBe(true);
    expect(place.host.shadowRoot).toBeNull();
  });

  it('comes after everything the page brought', () => {
    place = mountPanel(document);

    expect(document.documentElement.lastElementChild).toBe(place.host);
  });

  it.each(['click', 'keydown', 'input', 'change'])('does not hear a %s that a script made', (type) => {
    place = mountPanel(document);
    const button = document.createElement('button');
    const heard = vi.fn<() => void>();
    button.addEventListener(type, heard);
    place.root.append(button);

    button.dispatchEvent(new Event(type, { bubbles: true, composed: true }));

    expect(heard).not.toHaveBeenCalled();
  });

  it('leaves nothing behind', () => {
    place = mountPanel(document);

    place.remove();

    expect(document.querySelector('fob-panel')).toBeNull();
  });
});
