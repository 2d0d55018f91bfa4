/** What a console's page says of the session it holds: a claim, checked by the vendor before it is believed. */
export type Found =
  | { readonly kind: 'session'; readonly access: string; readonly expiresAt?: string }
  | { readonly kind: 'signed_out' }
  /** Neither: an error of the console's, a half-ended session, something new. Nothing follows from it. */
  | { readonly kind: 'unreadable' };

/** How a console that answers "what is my session?" is asked, by a page of its own. */
export type SessionReader = {
  /** Same-origin path that the console's own page reads. */
  readonly path: string;
  readonly read: (json: unknown) => Found;
};
