const control =
  'a[href], button, input, select, textarea, summary, [role="button"], [role="link"], [role="menuitem"], [role="tab"]';

/** Whether something to press lies under the panel: then it steps aside. */
function liesOnControl(place: DOMRect, host: Element): boolean {
  const middle = place.top + place.height / 2;
  // Where the full chip is, even while only its edge is shown.
  const points = [place.right - 8, place.right - 48, place.right - 88].map((x) => [x, middle] as const);
  return points.some(([x, y]) => {
    const below = document.elementsFromPoint(x, y).find((element) => element !== host);
    return below?.closest(control) != null;
  });
}

/** Watches whether the chip has to make room for something a person may want to press, and tells when that changes. */
export function onCrowded(
  root: HTMLElement,
  host: HTMLElement,
  tell: () => void,
): { readonly isOn: () => boolean; readonly look: () => void; readonly stop: () => void } {
  let isOn = false;
  let waiting: ReturnType<typeof setTimeout>;
  const look = (): void => {
    const was = isOn;
    isOn = liesOnControl(root.getBoundingClientRect(), host);
    if (isOn !== was) tell();
  };
  const later = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  };
  addEventListener('resize', later);
  addEventListener('scroll', later, { capture: true, passive: true });
  return {
    isOn: () => isOn,
    look,
    stop() {
      clearTimeout(waiting);
      removeEventListener('resize', later);
      removeEventListener('scroll', later, { capture: true });
    },
  };
}
