const offered = ['application/json', 'text/json', 'text/plain'] as const;

/** The content type the caller likes best of what the server offers. The body is JSON whatever it is called. */
export function contentTypeFor(accept: string | undefined): string {
  const wishes = (accept ?? '*/*')
    .split(',')
    .map((wish) =>
      wish
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .map(([range = '', ...parameters]) => ({ range, weight: weightIn(parameters) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { range } of wishes) {
    const found = offered.find((type) => range === type || range === '*/*' || range === `${type.split('/', 1)[0]}/*`);
    if (found !== undefined) return `${found}; charset=utf-8`;
  }
  // Nothing that is offered: the server answers anyway.
  return `${offered[0]}; charset=utf-8`;
}

const weightIn = (parameters: readonly string[]): number =>
  Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
