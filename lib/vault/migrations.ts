/** A stored document of any schema, before it is known to be one. */
type Document = Readonly<Record<string, unknown>>;

/** What leads from one schema to the next, for each kind of record: pure, so that a death in between changes nothing. */
type Step = { readonly head: (old: Document) => Document; readonly fob: (old: Document) => Document };

/** By the schema each begins with. A released schema keeps its step for ever: somebody comes from it after years. */
export const migrations: Readonly<Record<number, Step>> = {
  // Records became text with a checksum, and are numbered, so that the newer of two copies can be told.
  1: {
    head: ({ schema: _, journalled, ...head }) => ({ ...head, revision: journalled }),
    fob: ({ schema: _, sessions, ...fob }) => ({
      ...fob,
      revision: 0,
      // Where each session is was not in the index: it is written with the next step.
      sessions: Array.isArray(sessions) ? Object.fromEntries(sessions.map((id) => [String(id), ''])) : sessions,
    }),
  },
};
