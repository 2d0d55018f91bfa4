/**
 * The issuer's cookies by the servers' clock. It writes by this computer's when they end, and a browser counts from the
 * answer's own date: under a clock set ahead it would drop them as they come.
 */
export function cookiesAhead(reply: Response, aheadMs: number): Response {
  const lines = reply.headers.getSetCookie();
  reply.headers.delete('Set-Cookie');
  for (const line of lines) reply.headers.append('Set-Cookie', moved(line, aheadMs));
  return reply;
}

const moved = (line: string, aheadMs: number): string =>
  line.replace(/(expires=)([^;]+)/i, (whole, name: string, date: string) => {
    const at = Date.parse(date);
    // The beginning of time is how a cookie is removed.
    return at === 0 ? whole : name + new Date(at + aheadMs).toUTCString();
  });
