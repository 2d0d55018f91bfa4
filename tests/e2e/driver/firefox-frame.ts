/** A request to run a function in a page, as it travels into the page's process. */
export type FrameRequest = {
  readonly id: number;
  readonly source: string;
  /** What the function gets first: nothing, the document, or the root of the closed shadow tree. */
  readonly root: 'none' | 'document' | 'closed';
  readonly args: string;
};

/**
 * Runs in every page's process with Firefox's own rights. It travels there as text, so it holds all it needs.
 * Functions of tests run with the page's rights only, in a sandbox over the page.
 */
export function frameScript(frame: any): void {
  // Firefox may forget that it has loaded this: twice, every key would be pressed twice.
  if (frame.fobIsThere) return;
  frame.fobIsThere = true;
  const { Cu, Cc, Ci } = globalThis as any;
  let sandbox: any;
  let sandboxOf: any;

  const box = () => {
    const { content } = frame;
    if (sandboxOf !== content.document) {
      sandbox = new Cu.Sandbox(content.document.nodePrincipal, { sandboxPrototype: content, wantXrays: false });
      sandboxOf = content.document;
    }
    return sandbox;
  };

  // Elements with a closed tree of the browser's own.
  const ofTheBrowser = new Set([
    'input',
    'textarea',
    'select',
    'details',
    'video',
    'audio',
    'meter',
    'progress',
    'marquee',
  ]);
  const closedRoot = (node: any): any => {
    let last: any;
    for (const el of node.querySelectorAll('*')) {
      const root = el.openOrClosedShadowRoot;
      if (root === null) continue;
      if (root.mode === 'closed' && !ofTheBrowser.has(el.localName)) last = root;
      last = closedRoot(root) ?? last;
    }
    return last;
  };

  const run = ({ source, root, args }: FrameRequest) =>
    new Promise((done) => {
      const target = box();
      const node = root === 'closed' ? closedRoot(frame.content.document) : frame.content.document;
      if (root === 'closed' && node === undefined) return done(JSON.stringify({ error: 'the page has no panel' }));
      target.fobDone = Cu.exportFunction((answer: string) => done(answer), target);
      target.fobRoot = node;
      target.fobArgs = args;
      Cu.evalInSandbox(
        `{
          const done = fobDone, args = JSON.parse(fobArgs);
          ${root === 'none' ? '' : 'args.unshift(fobRoot);'}
          Promise.resolve().then(() => (${source})(...args)).then(
            (value) => done(JSON.stringify({ value })),
            (error) => done(JSON.stringify({ error: String(error && error.stack ? error + '\\n' + error.stack : error) })),
          );
        }`,
        target,
      );
    });

  const input = async (request: any): Promise<string> => {
    const { content } = frame;
    if (request.point !== undefined) {
      const { x, y } = request.point;
      const mouse = (type: string, buttons: number) =>
        content.windowUtils.sendMouseEvent
          ? content.windowUtils.sendMouseEvent(type, x, y, 0, 1, 0, false, 0, 1, false, true, buttons)
          : content.synthesizeMouseEvent(type, x, y, { button: 0, buttons, clickCount: 1 }, {});
      mouse('mousemove', 0);
      mouse('mousedown', 1);
      mouse('mouseup', 0);
      return '{}';
    }
    const typist = Cc['@mozilla.org/text-input-processor;1'].createInstance(Ci.nsITextInputProcessor);
    if (!typist.beginInputTransactionForTests(content)) return JSON.stringify({ error: 'the page takes no keys' });
    const press = (init: any) => {
      const event = new content.KeyboardEvent('', init);
      typist.keydown(event);
      typist.keyup(event);
    };
    if (request.text !== undefined) {
      if (request.text === '') press({ key: 'Backspace', code: 'Backspace', keyCode: 8 });
      for (const key of request.text) press({ key, keyCode: key.toUpperCase().charCodeAt(0) });
      return '{}';
    }
    const { key, code, keyCode, alt, ctrl, meta, shift } = request.key;
    const modifiers = Object.entries({ Alt: alt, Control: ctrl, Meta: meta, Shift: shift })
      .filter(([, held]) => held)
      .map(([name]) => new content.KeyboardEvent('', { key: name }));
    modifiers.forEach((event) => typist.keydown(event));
    press({ key, code, keyCode });
    modifiers.forEach((event) => typist.keyup(event));
    return '{}';
  };

  const answering = (how: (request: any) => Promise<unknown>) => (message: any) => {
    how(message.data)
      .catch((error: unknown) => JSON.stringify({ error: String(error) }))
      .then((answer: unknown) => frame.sendAsyncMessage('fob:answer', { id: message.data.id, answer }))
      // The page may be gone with the press.
      .catch(() => {});
  };
  frame.addMessageListener('fob:run', answering(run as never));
  frame.addMessageListener('fob:input', answering(input));
}
