const control =
  'a[href], button, input, select, textarea, summary, [role="button"], [role="link"], [role="menuitem"], [role="tab"]';

/** Whether something to press lies under the panel: then it steps aside. */
export function liesOnControl(place: DOMRect | undefined, host: Element): boolean {
  if (!place || place.width === 0) return false;
  const middle = place.top + place.height / 2;
  // Where the full chip is, even while only its edge is shown.
  const points = [place.right - 8, place.right - 48, place.right - 88].map((x) => [x, middle] as const);
  return points.some(([x, y]) => {
    const below = document.elementsFromPoint(x, y).find((element) => element !== host);
    return below?.closest(control) != null;
  });
}
