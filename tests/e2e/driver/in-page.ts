/** A name to look for, in a form that survives the way into a page. */
export type NameQuery = { readonly text: string } | { readonly source: string; readonly flags: string };
export type Query = { readonly css: string } | { readonly role: string; readonly name?: NameQuery };
export type Command =
  | { readonly kind: 'look'; readonly query: Query; readonly attribute?: string }
  | { readonly kind: 'point'; readonly query: Query }
  | { readonly kind: 'select'; readonly query: Query }
  | { readonly kind: 'focused' }
  | { readonly kind: 'text' };

export type Answer = {
  readonly count: number;
  readonly text: string;
  readonly value: string;
  readonly attribute: string | null;
  readonly enabled: boolean;
  /** Where to press the mouse; none while something else lies there. */
  readonly point: { readonly x: number; readonly y: number } | null;
};

/**
 * Everything the driver asks of a document or a shadow root. It travels into the page as text,
 * so it holds all it needs, and in Firefox it also runs outside the page, so it uses no globals.
 */
export function inPage(root: Document | ShadowRoot, command: Command): Answer {
  const doc = root.nodeType === 9 ? (root as Document) : root.ownerDocument!;
  const view = doc.defaultView!;

  const squash = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();

  const isHidden = (el: Element): boolean => {
    if (el.closest('[aria-hidden="true"], [inert]') !== null) return true;
    if (el.getClientRects().length === 0) return true;
    return view.getComputedStyle(el)!.visibility !== 'visible';
  };

  const roleOf = (el: Element): string => {
    const explicit = el.getAttribute('role');
    if (explicit !== null) return explicit.split(' ')[0]!;
    const tag = el.localName;
    const type = (el.getAttribute('type') ?? 'text').toLowerCase();
    switch (tag) {
      case 'a':
        return el.hasAttribute('href') ? 'link' : 'generic';
      case 'input':
        if (['button', 'submit', 'reset', 'image'].includes(type)) return 'button';
        if (['checkbox', 'radio'].includes(type)) return type;
        if (type === 'range') return 'slider';
        if (type === 'number') return 'spinbutton';
        if (el.hasAttribute('list')) return 'combobox';
        return type === 'search' ? 'searchbox' : 'textbox';
      case 'select':
        return el.hasAttribute('multiple') ? 'listbox' : 'combobox';
      case 'section':
        return el.hasAttribute('aria-label') || el.hasAttribute('aria-labelledby') ? 'region' : 'generic';
    }
    if (/^h[1-6]$/.test(tag)) return 'heading';
    const roles: Record<string, string> = {
      article: 'article',
      aside: 'complementary',
      button: 'button',
      dialog: 'dialog',
      fieldset: 'group',
      footer: 'contentinfo',
      form: 'form',
      header: 'banner',
      img: 'img',
      li: 'listitem',
      main: 'main',
      meter: 'meter',
      nav: 'navigation',
      ol: 'list',
      option: 'option',
      output: 'status',
      progress: 'progressbar',
      summary: 'button',
      table: 'table',
      td: 'cell',
      textarea: 'textbox',
      th: 'columnheader',
      tr: 'row',
      ul: 'list',
    };
    return roles[tag] ?? 'generic';
  };

  const contentOf = (node: Node): string => {
    if (node.nodeType === 3) return node.nodeValue ?? '';
    if (node.nodeType !== 1) return '';
    const el = node as Element;
    if (el.getAttribute('aria-hidden') === 'true') return '';
    const label = el.getAttribute('aria-label');
    if (label) return label;
    if (el.localName === 'img') return el.getAttribute('alt') ?? '';
    if (el.localName === 'svg') return el.querySelector('title')?.textContent ?? '';
    const style = view.getComputedStyle(el)!;
    if (style.display === 'none' || style.visibility === 'hidden') return '';
    const inner = Array.from(el.childNodes, contentOf).join('');
    return style.display.startsWith('inline') ? inner : ` ${inner} `;
  };

  const nameOf = (el: Element): string => {
    const tree = el.getRootNode() as Document | ShadowRoot;
    const ids = squash(el.getAttribute('aria-labelledby'));
    if (ids !== '') {
      const named = ids.split(' ').map((id) => tree.getElementById(id));
      return squash(named.map((label) => label?.getAttribute('aria-label') ?? label?.textContent ?? '').join(' '));
    }
    const label = squash(el.getAttribute('aria-label'));
    if (label !== '') return label;
    const field = el as HTMLInputElement;
    if (field.labels && field.labels.length > 0) return squash(Array.from(field.labels, contentOf).join(' '));
    if (['input', 'select', 'textarea'].includes(el.localName)) {
      const buttons = ['button', 'submit', 'reset'];
      if (buttons.includes(field.type)) return squash(field.value);
      return squash(el.getAttribute('placeholder') ?? el.getAttribute('title'));
    }
    if (['fieldset', 'table'].includes(el.localName)) {
      return squash(el.querySelector(':scope > legend, :scope > caption')?.textContent);
    }
    return squash(contentOf(el)) || squash(el.getAttribute('title'));
  };

  const matches = (name: string, query: NameQuery): boolean =>
    'text' in query ? name === squash(query.text) : new RegExp(query.source, query.flags).test(name);

  const find = (query: Query): Element[] => {
    if ('css' in query) return Array.from(root.querySelectorAll(query.css)).filter((el) => !isHidden(el));
    return Array.from(root.querySelectorAll('*')).filter((el) => {
      const role = roleOf(el);
      const isRole = role === query.role || (query.role === 'textbox' && (role === 'searchbox' || role === 'combobox'));
      return isRole && !isHidden(el) && (query.name === undefined || matches(nameOf(el), query.name));
    });
  };

  const isEnabled = (el: Element): boolean => !el.matches(':disabled') && el.getAttribute('aria-disabled') !== 'true';

  const visibleText = (el: Element): string => (el as HTMLElement).innerText ?? el.textContent ?? '';

  const answer = (el: Element | undefined, count: number, rest: Partial<Answer> = {}): Answer => ({
    count,
    text: el === undefined ? '' : squash(visibleText(el)),
    value: (el as HTMLInputElement | undefined)?.value ?? '',
    attribute: null,
    enabled: el !== undefined && isEnabled(el),
    point: null,
    ...rest,
  });

  switch (command.kind) {
    case 'text': {
      const parts =
        root.nodeType === 9 ? [doc.body] : Array.from(root.children).filter((el) => el.localName !== 'style');
      return answer(undefined, parts.length, {
        text: parts.map((el) => (el === null ? '' : visibleText(el))).join('\n'),
      });
    }
    case 'focused': {
      const el = root.activeElement;
      if (el === null || el === doc.body) return answer(undefined, 0);
      return answer(el, 1, { text: `${roleOf(el)} "${nameOf(el)}"` });
    }
    case 'look': {
      const found = find(command.query);
      const attribute = command.attribute === undefined ? null : (found[0]?.getAttribute(command.attribute) ?? null);
      return answer(found[0], found.length, { attribute });
    }
    case 'select': {
      const found = find(command.query);
      const el = found[0] as HTMLInputElement | undefined;
      el?.focus();
      el?.select?.();
      return answer(el, found.length);
    }
    case 'point': {
      const found = find(command.query);
      const el = found[0];
      if (el === undefined) return answer(el, 0);
      el.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      // An inline element broken over lines has no single middle; its first box has.
      const box = el.getClientRects()[0]!;
      const point = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      const hit = root.elementFromPoint(point.x, point.y);
      const label = hit?.closest('label');
      const isUncovered =
        hit !== null && (el.contains(hit) || (label != null && (label as HTMLLabelElement).control === el));
      return answer(el, found.length, { point: isUncovered ? point : null });
    }
  }
}
