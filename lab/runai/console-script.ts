/**
 * What the console's page does: leads to the realm, takes the code back, and asks the API with its bearer. It renews when
 * the API no longer takes the bearer, and leads to the sign-in when that fails.
 */
export const consoleScript = (config: string): string => `(() => {
  const config = ${config};
  const client = 'runai-admin-ui';
  const redirectUri = location.origin + '/login/callback';
  const realm = config.issuer + '/protocol/openid-connect';
  const storage = config.consoleTokens === 'memory' ? null : window[config.consoleTokens];
  const byId = (id) => document.getElementById(id);

  let tokens = storage ? JSON.parse(storage.getItem(config.consoleTokensKey) || 'null') : null;
  const keep = (next) => {
    tokens = next && { ...tokens, ...next };
    if (!storage) return;
    if (tokens) storage.setItem(config.consoleTokensKey, JSON.stringify(tokens));
    else storage.removeItem(config.consoleTokensKey);
  };

  const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=/g, '');
  const toRealm = async () => {
    const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
    const query = new URLSearchParams({
      response_type: 'code', client_id: client, redirect_uri: redirectUri, scope: 'openid email profile', state,
    });
    sessionStorage.setItem('login-state', state);
    if (config.pkceVerifierField) {
      const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
      sessionStorage.setItem('login-verifier', verifier);
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
      query.set('code_challenge', base64url(new Uint8Array(digest)));
      query.set('code_challenge_method', 'S256');
    }
    location.assign(realm + '/auth?' + query);
  };
  const toSignIn = (words) => {
    keep(null);
    byId('signed-in').hidden = true;
    byId('signed-out').hidden = false;
    byId('alert').hidden = !words;
    byId('alert').textContent = words || '';
    history.replaceState(null, '', '/login');
  };

  const grant = async (body) => {
    const answer = await fetch('/api/v1/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error('the sign-in was refused');
    return answer.json();
  };
  const exchange = async () => {
    const query = new URLSearchParams(location.search);
    history.replaceState(null, '', '/');
    if (query.get('state') !== sessionStorage.getItem('login-state')) throw new Error('not our sign-in');
    const verifier = sessionStorage.getItem('login-verifier');
    sessionStorage.removeItem('login-state');
    sessionStorage.removeItem('login-verifier');
    const proof = config.pkceVerifierField && verifier ? { [config.pkceVerifierField]: verifier } : {};
    keep(await grant({ grantType: 'exchange_token', code: query.get('code'), redirectUri, clientID: client, ...proof }));
  };

  let renewing = null;
  const renew = () => {
    renewing ??= grant({ grantType: 'refresh_token', refreshToken: tokens.refreshToken, clientID: client })
      .then(keep)
      .finally(() => { renewing = null; });
    return renewing;
  };
  const ask = async (path, again = config.consoleRenews) => {
    const answer = await fetch(path, { headers: { Authorization: 'Bearer ' + tokens[config.consoleSends] } });
    if (answer.status === 401 && again) {
      await renew();
      return ask(path, false);
    }
    if (!answer.ok) throw new Error('the API answered ' + answer.status);
    return answer.json();
  };

  const show = async () => {
    const me = await ask('/v1/k8s/auth/me');
    const clusters = await ask('/api/v1/clusters');
    byId('person').textContent = me.name;
    byId('tenant').textContent = me.tenantName;
    byId('clusters').replaceChildren(...clusters.map(({ name, status, gpus, workloads }) => {
      const row = document.createElement('tr');
      for (const text of [name, status.state, gpus, workloads]) row.insertCell().textContent = text;
      return row;
    }));
    byId('signed-out').hidden = true;
    byId('signed-in').hidden = false;
  };
  const expired = () => toSignIn('Your session has expired. Please sign in again.');

  byId('sign-in').addEventListener('click', toRealm);
  byId('reload').addEventListener('click', () => show().catch(expired));
  byId('sign-out').addEventListener('click', () => {
    keep(null);
    location.assign(realm + '/logout?' + new URLSearchParams({
      client_id: client, post_logout_redirect_uri: location.origin + '/login',
    }));
  });
  const start = async () => {
    if (location.pathname === '/login/callback') await exchange();
    if (tokens) return show();
    if (location.pathname === '/login') return toSignIn();
    return toRealm();
  };
  start().catch(expired);
})()`;
