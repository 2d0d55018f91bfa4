/**
 * What the console's session provider does: ask on each full load and whenever the tab is looked at again, and go to the
 * sign-in page when the session has died. The sign-in page has the same provider and asks too. Keeps the answer in its own
 * scope: nothing of it reaches the page.
 */
export const sessionScript = `(() => {
  const look = async () => {
    try {
      const answer = await fetch('/api/auth/session', { headers: { 'Content-Type': 'application/json' } });
      const session = await answer.json();
      if (location.pathname !== '/sign-in' && session && session.error && session.error !== 'TenantSwitchError') {
        location.assign('/sign-in?error=' + encodeURIComponent(session.error));
      }
    } catch {
      // No answer is no verdict: the page stays as it is.
    }
  };
  look();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
})()`;

/** The profile page's switch of tenant: the pair from its server action, then the session, then the page anew. */
export const switchScript = `(() => {
  const action = async (form) => {
    const answer = await fetch(location.href, {
      method: 'POST',
      headers: { Accept: 'text/x-component', 'Next-Action': '7f1c40b2a6d94e5f8c3a' },
      body: new FormData(form),
    });
    const line = (await answer.text()).split('\\n').find((one) => one.startsWith('1:'));
    return JSON.parse(line.slice(2));
  };
  const update = async ({ accessToken, refreshToken }) => {
    const { csrfToken } = await (await fetch('/api/auth/csrf')).json();
    const answer = await fetch('/api/auth/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ csrfToken, data: { accessToken, refreshToken } }),
    });
    return answer.json();
  };
  document.addEventListener('submit', async (event) => {
    if (!event.target.matches('[data-switch]')) return;
    event.preventDefault();
    const result = await action(event.target).catch(() => ({ success: false }));
    const session = result.success ? await update(result).catch(() => null) : null;
    if (session && !session.error) location.reload();
    else document.getElementById('switch-error').hidden = false;
  });
})()`;
