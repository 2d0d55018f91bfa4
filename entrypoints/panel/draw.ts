/**
 * Draws the components in the panel, in place of Preact, which would be a third of it: what the panel shows is a function
 * of one moment, so neither state nor hooks nor order by key are needed. The build puts this file where a component
 * imports `preact` (wxt.config.ts); a test draws the whole card with it.
 */
type Props = Readonly<Record<string, unknown>>;
type Drawn = { readonly tag: string; readonly props: Props; readonly key: unknown };
type Leaf = Drawn | string | number | boolean | null | undefined;
type Child = Leaf | Child[];

const SVG = 'http://www.w3.org/2000/svg';
const drawnAs = new WeakMap<Node, Drawn>();

/** One element, or what a component makes of its props. */
export function jsx(tag: string | ((props: Props) => Child), props: Props, key?: unknown): Child {
  return typeof tag === 'function' ? tag(props) : { tag, props, key };
}
export { jsx as jsxs, jsx as jsxDEV };

/** The same, as it is written without JSX. */
export const h = (tag: string, props: Props, children?: Child): Child => jsx(tag, { ...props, children });

/** Children without an element around them. */
export const Fragment = ({ children }: Props): Child => children as Child;

/** Makes the children of `parent` those of `child`. Each keeps its place: what is absent leaves an empty text there. */
export function render(child: Child, parent: Element): void {
  const wanted = flat(child);
  wanted.forEach((one, index) => {
    const old = parent.childNodes[index];
    const node = typeof one === 'object' && one !== null ? element(one, old, parent) : text(one, old);
    if (!old) parent.append(node);
    else if (node !== old) old.replaceWith(node);
  });
  while (parent.childNodes.length > wanted.length) parent.lastChild?.remove();
}

const flat = (child: Child): readonly Leaf[] => (Array.isArray(child) ? child.flatMap(flat) : [child]);

function text(content: Exclude<Leaf, Drawn>, old: ChildNode | undefined): ChildNode {
  const words = content == null || typeof content === 'boolean' ? '' : String(content);
  if (!(old instanceof Text)) return document.createTextNode(words);
  if (old.data !== words) old.data = words;
  return old;
}

function element(wanted: Drawn, old: ChildNode | undefined, parent: Element): Element {
  const before = old && drawnAs.get(old);
  const isSame = before?.tag === wanted.tag && before.key === wanted.key;
  const node = isSame
    ? (old as Element)
    : document.createElementNS(wanted.tag === 'svg' ? SVG : parent.namespaceURI, wanted.tag);
  const was = isSame ? before.props : {};
  for (const name in { ...was, ...wanted.props }) {
    const value = wanted.props[name];
    if (name !== 'children' && value !== was[name]) set(node, name, value);
  }
  drawnAs.set(node, wanted);
  render(wanted.props['children'] as Child, node);
  return node;
}

function set(node: Element, name: string, value: unknown): void {
  if (name.startsWith('on')) Object.assign(node, { [name.toLowerCase()]: value });
  else if (name === 'checked' || name === 'value') Object.assign(node, { [name]: value });
  else if (value == null || (value === false && name[4] !== '-')) node.removeAttribute(name);
  else node.setAttribute(name, `${value as string | number | boolean}`);
}
