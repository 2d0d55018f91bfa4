/**
 * What a console's page does: leads to the issuer, exchanges the code with its proof, keeps the tokens under the names of
 * the library it is built with, and asks the API with the bearer. In another organisation it works with a token derived
 * from the one it signed in with, which it keeps in memory only.
 */
export const consoleScript = (config: string): string => `(() => {
  const config = ${config};
  const api = 'https://api.agilicus.com';
  const redirectUri = location.origin + '/callback';
  const storage = window[config.consoleStorage];
  const byId = (id) => document.getElementById(id);
  const claimsIn = (token) => {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  };

  const userKey = 'oidc.user:' + config.issuer + ':' + config.client;
  const places = {
    'oidc-client': {
      read() {
        const user = JSON.parse(storage.getItem(userKey) || 'null');
        return user && { access: user.access_token, refresh: user.refresh_token, id: user.id_token };
      },
      write({ access, refresh, id, expiresIn }) {
        storage.setItem(userKey, JSON.stringify({
          id_token: id, access_token: access, refresh_token: refresh, token_type: 'Bearer',
          scope: 'openid profile email offline_access', profile: claimsIn(id),
          expires_at: Math.floor(Date.now() / 1000) + expiresIn,
        }));
      },
      clear: () => storage.removeItem(userKey),
    },
    'angular-oauth2-oidc': {
      read() {
        const access = storage.getItem('access_token');
        return access && { access, refresh: storage.getItem('refresh_token') || undefined, id: storage.getItem('id_token') };
      },
      write({ access, refresh, id, expiresIn }) {
        const now = Date.now();
        const items = {
          access_token: access, id_token: id, expires_at: now + expiresIn * 1000, access_token_stored_at: now,
          granted_scopes: JSON.stringify(['openid', 'profile', 'email', 'offline_access']),
          id_token_claims_obj: JSON.stringify(claimsIn(id)), id_token_expires_at: claimsIn(id).exp * 1000,
          id_token_stored_at: now, ...(refresh ? { refresh_token: refresh } : {}),
        };
        for (const [name, value] of Object.entries(items)) storage.setItem(name, value);
      },
      clear() {
        for (const name of ['access_token', 'id_token', 'refresh_token', 'expires_at', 'access_token_stored_at',
          'granted_scopes', 'id_token_claims_obj', 'id_token_expires_at', 'id_token_stored_at']) storage.removeItem(name);
      },
    },
    rbac: {
      read() {
        const kept = JSON.parse(storage.getItem('rbac') || 'null');
        return kept && { access: kept.token, profile: { name: kept.first_name + ' ' + kept.last_name, email: kept.email } };
      },
      async write({ id }) {
        const answer = await fetch(config.issuer + '/v1/whoami', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ id_token: id }),
        });
        if (!answer.ok) throw new Error('the sign-in was refused');
        storage.setItem('rbac', await answer.text());
        tokens = this.read();
      },
      clear: () => storage.removeItem('rbac'),
    },
    memory: { read: () => null, write() {}, clear() {} },
  };
  const place = places[config.consoleTokens];
  let tokens = place.read();
  let derived = null;
  const keep = async ({ access_token, refresh_token, id_token, expires_in }) => {
    tokens = { ...tokens, access: access_token, id: id_token, ...(refresh_token ? { refresh: refresh_token } : {}) };
    derived = null;
    await place.write({ ...tokens, expiresIn: expires_in });
  };

  const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=/g, '');
  const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
  const toIssuer = async () => {
    const [state, verifier] = [random(), random()];
    sessionStorage.setItem('sign-in', JSON.stringify({ state, verifier }));
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    location.assign(config.issuer + '/auth?' + new URLSearchParams({
      client_id: config.client, redirect_uri: redirectUri, response_type: 'code', state,
      scope: 'openid profile email offline_access urn:agilicus:users urn:agilicus:applications urn:agilicus:organisations',
      code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: 'S256',
    }));
  };
  const grant = async (fields) => {
    const answer = await fetch(config.issuer + '/token', {
      method: 'POST',
      body: new URLSearchParams({ client_id: config.client, ...fields }),
    });
    if (!answer.ok) throw new Error('the sign-in was refused');
    await keep(await answer.json());
  };
  const exchange = async () => {
    const query = new URLSearchParams(location.search);
    const { state, verifier } = JSON.parse(sessionStorage.getItem('sign-in') || '{}');
    sessionStorage.removeItem('sign-in');
    history.replaceState(null, '', '/');
    if (!state || query.get('state') !== state) throw new Error('not our sign-in');
    await grant({ grant_type: 'authorization_code', code: query.get('code'), redirect_uri: redirectUri, code_verifier: verifier });
  };
  const toSignIn = (words) => {
    place.clear();
    tokens = null;
    byId('signed-in').hidden = true;
    byId('signed-out').hidden = false;
    byId('alert').hidden = !words;
    byId('alert').textContent = words || '';
  };

  let renewing = null;
  const renew = () => {
    renewing ??= grant({ grant_type: 'refresh_token', refresh_token: tokens.refresh }).finally(() => { renewing = null; });
    return renewing;
  };
  const ask = async (path, again = config.consoleRenews) => {
    const answer = await fetch(api + path, {
      headers: { Authorization: 'Bearer ' + (derived || tokens.access), 'X-Request-ID': crypto.randomUUID() },
    });
    if (answer.status === 401 && again && tokens.refresh) {
      await renew();
      return ask(path, false);
    }
    if (!answer.ok) throw new Error('the API answered ' + answer.status);
    return answer.json();
  };
  const open = async (orgId) => {
    const answer = await fetch(api + '/v1/tokens/reissue', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: tokens.access, org_id: orgId }),
    });
    byId('switch-error').hidden = answer.ok;
    if (!answer.ok) return;
    derived = claimsIn(tokens.access).org === orgId ? null : (await answer.json()).token;
    await show();
  };

  const show = async () => {
    const sub = claimsIn(tokens.access).sub;
    const answered = await ask('/users/' + sub + '/orgs?enabled=true');
    const orgs = Array.isArray(answered) ? answered : answered.orgs;
    const here = claimsIn(derived || tokens.access).org;
    const profile = tokens.profile || claimsIn(tokens.id);
    byId('person').textContent = profile.name;
    byId('address').textContent = profile.email;
    byId('organisation').textContent = orgs.find(({ id }) => id === here)?.organisation || '';
    byId('orgs').replaceChildren(...orgs.map(({ id, organisation }) => {
      const item = document.createElement('li');
      const name = document.createElement('span');
      name.dir = 'auto';
      name.textContent = organisation;
      const action = document.createElement(id === here ? 'em' : 'button');
      action.textContent = id === here ? 'Active' : 'Open';
      if (id !== here) {
        action.className = 'quiet';
        action.addEventListener('click', () => open(id).catch(expired));
      }
      item.append(name, action);
      return item;
    }));
    byId('signed-out').hidden = true;
    byId('signed-in').hidden = false;
  };
  const expired = () => toSignIn('Your session has expired. Please sign in again.');

  byId('sign-in').addEventListener('click', toIssuer);
  byId('reload').addEventListener('click', () => show().catch(expired));
  byId('sign-out').addEventListener('click', () => {
    const hint = tokens && tokens.id;
    place.clear();
    location.assign(config.issuer + '/end?' + new URLSearchParams({
      client_id: config.client, post_logout_redirect_uri: location.origin + '/', ...(hint ? { id_token_hint: hint } : {}),
    }));
  });
  const start = async () => {
    if (location.pathname === '/callback') await exchange();
    if (tokens) return show();
    return toSignIn();
  };
  start().catch(expired);
})()`;
