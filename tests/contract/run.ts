import type { Lab } from '../../lab';
import { send } from '../../lab/testing-client';
import type { Outcome } from '../../lib/core/failure';
import { instant } from '../../lib/core/time';
import type { Exchange } from '../../lib/core/vendor';

/** Sends what an exchange asks for, as the background does, and lets it read the answer. */
export async function run<In, Out>(
  lab: Lab,
  exchange: Exchange<In, Out> | undefined,
  input: In,
): Promise<Outcome<Out>> {
  if (!exchange) throw new Error('the vendor does not offer it');
  const request = exchange.request(input);
  const startedAt = instant(Date.now());
  const { status, headers, text } = await send(lab.port, request.url, {
    method: request.method,
    headers: request.headers,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const json = request.jsonTypes.includes(type) ? parse(text) : undefined;
  return exchange.response({ status, headers, json, startedAt }, input, instant(Date.now()));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not what its content type says, as the transport has it.
    return undefined;
  }
}
