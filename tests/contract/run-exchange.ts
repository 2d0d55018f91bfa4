import type { Lab } from '../../lab';
import { send } from '../../lab/testing-client';
import { failed, type Outcome } from '../../lib/core/failure';
import { instant } from '../../lib/core/time';
import type { Exchange, Exchanges } from '../../lib/core/vendor';

/** Sends what an exchange asks for to the lab, as the background does, and lets it read the answer. */
export async function runExchange<In, Out>(
  lab: Lab,
  exchange: Exchange<In, Out> | undefined,
  input: In,
  added: Readonly<Record<string, string>> = {},
): Promise<Outcome<Out>> {
  if (!exchange) throw new Error('the vendor does not offer it');
  const request = exchange.request(input);
  const startedAt = instant(Date.now());
  const reply = await send(lab.port, request.url, {
    method: request.method,
    headers: { ...request.headers, ...added },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const type = reply.headers['content-type']?.split(';')[0] ?? '';
  let json: unknown;
  try {
    json = request.jsonTypes.includes(type) ? reply.json() : undefined;
  } catch {
    // Not what its content type says: the background reads nothing, too.
  }
  return exchange.response(
    { status: reply.status, headers: reply.headers, json, startedAt },
    input,
    instant(Date.now()),
  );
}

/** The same thing asked in several ways, as the engine does: the next where the one before is not offered. */
export async function runExchanges<In, Out>(lab: Lab, exchanges: Exchanges<In, Out>, input: In): Promise<Outcome<Out>> {
  let last: Outcome<Out> = failed({ code: 'not_offered' });
  for (const one of exchanges) {
    last = await runExchange(lab, one, input);
    if (last.ok || last.failure.code !== 'not_offered') return last;
  }
  return last;
}
