import type { RegionHosts } from './regions';
import type { CloudCheckrSettings } from './settings';
import { consoleClientId } from './tokens';

/** The console's page, which lives in the browser alone: it signs in, keeps its token as told, and calls the API with it. */
export const consoleScript = (
  hosts: RegionHosts,
  { consoleKeeps, consoleKey, consoleCalls, consoleExchanges }: CloudCheckrSettings,
): string => `(() => {
  const { api, auth, client, keeps, key, calls, exchanges } = ${JSON.stringify({
    api: `https://${hosts.api}`,
    auth: `https://${hosts.auth}`,
    client: consoleClientId,
    keeps: consoleKeeps,
    key: consoleKeeps.startsWith('oidc') ? `oidc.user:https://${hosts.auth}:${consoleClientId}` : consoleKey,
    calls: consoleCalls,
    exchanges: consoleExchanges,
  })};
  ${tokenKeeping}
  ${calling}
  ${signingIn}
  ${showing}
  boot();
})();
`;

const tokenKeeping = `
  const store = { local: localStorage, oidc_local: localStorage, session: sessionStorage, oidc_session: sessionStorage }[keeps];
  const oidc = keeps.startsWith('oidc');
  // The token one signed in with, and those it was exchanged for, by customer.
  let root = null;
  const delegates = new Map();
  const keepRoot = (answer) => {
    const expiresAt = Math.floor(Date.now() / 1000) + (answer.expires_in ?? 3600);
    root = { token: answer.access_token, expiresAt };
    if (!store) return;
    store.setItem(key, oidc
      ? JSON.stringify({ access_token: root.token, token_type: 'Bearer', scope: 'openid api', profile: {}, expires_at: expiresAt })
      : root.token);
  };
  const keptRoot = () => {
    const kept = store && store.getItem(key);
    if (!kept) return null;
    if (!oidc) return { token: kept, expiresAt: Infinity };
    const { access_token: token, expires_at: expiresAt } = JSON.parse(kept);
    return expiresAt * 1000 > Date.now() ? { token, expiresAt } : null;
  };
  const forget = () => {
    root = null;
    delegates.clear();
    if (store) store.removeItem(key);
  };`;

const calling = `
  const send = (method, url, headers, body) => calls === 'fetch'
    ? fetch(url, { method, headers, body }).then(async (answer) => ({ status: answer.status, text: await answer.text() }))
    : new Promise((answered, failed) => {
        const request = new XMLHttpRequest();
        request.open(method, url);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.onload = () => answered({ status: request.status, text: request.responseText });
        request.onerror = () => failed(new Error('The service could not be reached.'));
        request.send(body);
      });
  const ask = async (method, path, token) => {
    const answer = await send(method, api + path, { Accept: 'application/json', Authorization: 'Bearer ' + token });
    if (answer.status >= 400) throw Object.assign(new Error('The service answered ' + answer.status + '.'), { status: answer.status });
    return JSON.parse(answer.text);
  };`;

const signingIn = `
  const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
  const redirectUri = location.origin + '/auth/callback';
  const signIn = async () => {
    const state = random();
    const verifier = random();
    sessionStorage.setItem('signin.' + state, JSON.stringify({ verifier, path: location.pathname }));
    const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
    location.assign(auth + '/auth/connect/authorize?' + new URLSearchParams({
      client_id: client, redirect_uri: redirectUri, response_type: 'code', scope: 'openid api', state,
      code_challenge: challenge, code_challenge_method: 'S256',
    }));
    // The page is on its way out.
    return new Promise(() => {});
  };
  const comeBack = async () => {
    const said = new URLSearchParams(location.search);
    const entry = 'signin.' + said.get('state');
    const { verifier, path } = JSON.parse(sessionStorage.getItem(entry) ?? '{}');
    sessionStorage.removeItem(entry);
    history.replaceState(null, '', path ?? '/');
    if (!verifier || !said.get('code')) return;
    const answer = await send('POST', auth + '/auth/connect/token', { 'Content-Type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ grant_type: 'authorization_code', client_id: client, redirect_uri: redirectUri,
        code: said.get('code'), code_verifier: verifier }).toString());
    if (answer.status !== 200) throw new Error('Signing in failed.');
    keepRoot(JSON.parse(answer.text));
  };
  // Signs in again by itself, once in ten seconds: a server that says no each time gets a person's attention instead.
  const signInAgain = async () => {
    forget();
    const last = Number(sessionStorage.getItem('signin.last') ?? 0);
    if (Date.now() - last < 10_000) throw new Error('Your session has ended.');
    sessionStorage.setItem('signin.last', String(Date.now()));
    return signIn();
  };`;

const showing = `
  const app = document.getElementById('app');
  const el = (tag, given = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...inside);
    return made;
  };
  const wanted = () => (location.pathname.match(/^\\/customers\\/([^/]+)/) ?? [])[1];
  const tokenFor = async (customerId, home) => {
    if (customerId === home || !exchanges) return root.token;
    if (!delegates.has(customerId)) {
      const { access_token: token } = await ask('PUT', '/auth/v1/token/exchange/' + encodeURIComponent(customerId), root.token);
      delegates.set(customerId, token);
    }
    return delegates.get(customerId);
  };
  const load = async () => {
    const info = await ask('GET', '/auth/v1/token/info', root.token);
    if (!wanted()) history.replaceState(null, '', '/customers/' + info.customerId);
    const path = '/customer/v1/customers/' + wanted();
    const token = await tokenFor(decodeURIComponent(wanted()), info.customerId);
    const [customer, accounts, customers, users] = await Promise.all([
      ask('GET', path, token),
      ask('GET', path + '/accounts', token),
      ask('GET', '/customer/v1/customers?$pageSize=25&$orderBy=name', root.token),
      ask('GET', '/auth/v1/customers/' + info.customerId + '/users', root.token),
    ]);
    const user = users.items.find(({ id }) => id === info.userId);
    return { customer, accounts: accounts.items, customers, user };
  };
  const link = (label, path, current) => {
    const made = el('a', { href: path, dir: 'auto' }, label);
    if (current) made.setAttribute('aria-current', 'page');
    return made;
  };
  const table = (heads, rows) => el('div', { className: 'card' }, el('table', {},
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, cell)))))));
  const shownPage = ({ customer, accounts, customers, user }) => [
    el('header', {},
      el('span', { className: 'logo' }, 'CloudCheckr CMx'),
      el('nav', { ariaLabel: 'Main' }, link('Accounts', '/customers/' + customer.id, true)),
      el('div', { className: 'who' }, el('strong', { id: 'person', dir: 'auto' }, user ? user.name : 'Signed in'),
        el('span', { id: 'customer', dir: 'auto' }, customer.name)),
      el('button', { className: 'quiet', id: 'sign-out', onclick: signOut }, 'Sign out')),
    el('main', {}, el('h1', {}, 'Accounts'),
      table(['Account', 'Type'], accounts.map(({ name, accountType }) => [name, accountType])),
      ...(customers.totalCount > 1 ? [el('h2', {}, 'Customers'),
        table(['Customer', 'Signed up'], customers.items.map(({ id, name, signupType }) =>
          [link(name, '/customers/' + id, id === customer.id), signupType]))] : [])),
  ];
  const signOut = () => {
    forget();
    location.assign(auth + '/auth/connect/endsession');
  };
  const show = async () => {
    try {
      app.replaceChildren(...shownPage(await load().catch((error) => error.status === 401 ? signInAgain() : Promise.reject(error))));
    } catch (error) {
      app.replaceChildren(el('main', { className: 'alone' }, el('div', { className: 'card' },
        el('p', { className: 'alert', role: 'alert' }, error.message), el('p'), el('button', { onclick: signIn }, 'Sign in'))));
    }
  };
  document.addEventListener('click', (event) => {
    const at = event.target.closest('a[href^="/customers/"]');
    if (!at || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', at.getAttribute('href'));
    show();
  });
  addEventListener('popstate', show);
  const boot = async () => {
    if (location.pathname === '/auth/callback') await comeBack().catch(() => {});
    root ??= keptRoot();
    if (!root) await signIn();
    await show();
  };`;
