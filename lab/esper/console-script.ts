import type { EsperSettings } from './settings';
import { apiHostOf, type Tenant } from './tenants';

/** The console's page, which lives in the browser alone: it signs in, keeps its key as told, and calls the API with it. */
export const consoleScript = (
  tenant: Tenant,
  { consoleKeeps, consoleKey, consoleCalls }: EsperSettings,
): string => `(() => {
  const { api, tenant, keeps, key, calls } = ${JSON.stringify({
    api: `https://${apiHostOf(tenant)}/api`,
    tenant: tenant.name,
    keeps: consoleKeeps,
    key: consoleKeeps.startsWith('oidc') ? 'oidc.user:https://id.esper.cloud:esper-console' : consoleKey,
    calls: consoleCalls,
  })};
  ${keyKeeping}
  ${calling}
  ${showing}
  boot();
})();
`;

const keyKeeping = `
  const store = { local: localStorage, oidc_local: localStorage, session: sessionStorage, oidc_session: sessionStorage }[keeps];
  const oidc = keeps.startsWith('oidc');
  let token = null;
  let username = '';
  const keep = (given) => {
    token = given.token;
    username = given.username ?? '';
    if (store) store.setItem(key, oidc
      ? JSON.stringify({ access_token: token, token_type: 'Bearer', profile: { preferred_username: username } })
      : token);
  };
  const kept = () => {
    const entry = store && store.getItem(key);
    return entry && oidc ? JSON.parse(entry).access_token : entry;
  };
  const forget = () => {
    token = null;
    if (store) store.removeItem(key);
  };`;

const calling = `
  const send = (url, headers) => calls === 'fetch'
    ? fetch(url, { headers }).then(async (answer) => ({ status: answer.status, text: await answer.text() }))
    : new Promise((answered, failed) => {
        const request = new XMLHttpRequest();
        request.open('GET', url);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.onload = () => answered({ status: request.status, text: request.responseText });
        request.onerror = () => failed(new Error('The service could not be reached.'));
        request.send();
      });
  const ask = async (path) => {
    const answer = await send(api + path, { Accept: 'application/json', Authorization: 'Bearer ' + token });
    if (answer.status >= 400) throw Object.assign(new Error('The service answered ' + answer.status + '.'), { status: answer.status });
    return JSON.parse(answer.text);
  };
  const post = (path, body = {}) =>
    fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });`;

const showing = `
  const app = document.getElementById('app');
  const el = (tag, given = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...inside);
    return made;
  };
  const go = (path) => {
    history.pushState(null, '', path);
    return show();
  };
  const field = (label, given) => el('label', {}, label, ' ', el('input', { required: true, ...given }));
  const form = (problem, enter, ...fields) => {
    const made = el('form', { className: 'card sign-in' }, el('strong', { className: 'logo' }, 'Esper'),
      el('h1', {}, 'Log in to ' + tenant),
      ...(problem ? [el('p', { className: 'alert', role: 'alert' }, problem)] : []), ...fields,
      el('button', { type: 'submit' }, 'Login'));
    made.addEventListener('submit', async (event) => {
      event.preventDefault();
      const values = Object.fromEntries([...made.querySelectorAll('input')].map(({ name, value }) => [name, value]));
      const problem = await enter(values).catch((error) => error.message);
      if (problem) showForm(problem);
      else go('/');
    });
    return made;
  };
  const byPassword = async (values) => {
    const answer = await post('/login', values);
    if (answer.status !== 200) return 'Invalid email or password.';
    keep(await answer.json());
  };
  // For the vendor's own people: whoever has a key is in.
  const byKey = async ({ key }) => {
    token = key;
    if (await ask('/v1/token-info/').then(() => false, () => true)) return 'Invalid API token.';
    keep({ token: key });
  };
  const showForm = (problem) => app.replaceChildren(el('main', { className: 'alone' },
    new URLSearchParams(location.search).get('siteadmin') === 'true'
      ? form(problem, byKey, field('API Token', { name: 'key', type: 'password', placeholder: 'API Token', autocomplete: 'off' }))
      : form(problem, byPassword, field('Email', { name: 'email', type: 'email', autocomplete: 'username' }),
          field('Password', { name: 'password', type: 'password', autocomplete: 'current-password' }))));
  const load = async () => {
    const info = await ask('/v1/token-info/');
    const [enterprise, devices] = await Promise.all([
      ask('/enterprise/' + info.enterprise + '/'),
      ask('/enterprise/' + info.enterprise + '/device/'),
    ]);
    return { enterprise, devices: devices.results };
  };
  const link = (label, path) => {
    const made = el('a', { href: path, onclick: (event) => (event.preventDefault(), go(path)) }, label);
    if (location.pathname === path) made.setAttribute('aria-current', 'page');
    return made;
  };
  const table = (heads, rows) => el('div', { className: 'card' }, el('table', {},
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, cell)))))));
  const shownPage = ({ enterprise, devices }) => [
    el('header', {}, el('span', { className: 'logo' }, 'Esper'),
      el('nav', { ariaLabel: 'Main' }, link('Devices', '/'), link('Company', '/company')),
      el('div', { className: 'who' }, el('strong', { id: 'person', dir: 'auto' }, username || 'Signed in'),
        el('span', { id: 'tenant', dir: 'auto' }, enterprise.name)),
      el('button', { className: 'quiet', id: 'sign-out', onclick: signOut }, 'Log out')),
    location.pathname === '/company'
      ? el('main', {}, el('h1', {}, 'Company'), table(['Setting', 'Value'],
          [['Name', enterprise.name], ['Endpoint', enterprise.short_code], ['Enterprise ID', enterprise.id]]))
      : el('main', {}, el('h1', {}, 'Devices'), table(['Device', 'Model', 'State'],
          devices.map(({ device_name, device_model, state }) => [device_name, device_model, state]))),
  ];
  const signOut = async () => {
    forget();
    await post('/logout');
    go('/login');
  };
  const show = async () => {
    if (!token || location.pathname === '/login') {
      if (location.pathname !== '/login') history.replaceState(null, '', '/login');
      showForm();
      return;
    }
    try {
      app.replaceChildren(...shownPage(await load()));
    } catch (error) {
      if (error.status === 401) forget();
      app.replaceChildren(el('main', { className: 'alone' }, el('div', { className: 'card' },
        el('p', { className: 'alert', role: 'alert' }, error.status === 401 ? 'Your session has ended.' : error.message),
        el('p'), el('button', { onclick: () => go(error.status === 401 ? '/login' : '/') }, error.status === 401 ? 'Log in' : 'Try again'))));
    }
  };
  addEventListener('popstate', show);
  const boot = async () => {
    const entry = kept();
    if (entry) token = entry;
    else if (location.pathname !== '/login') {
      const answer = await post('/login/session').catch(() => null);
      if (answer && answer.status === 200) keep(await answer.json());
    }
    await show();
  };`;
