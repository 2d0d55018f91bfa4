/** What a sign-in's tokens are for. */
export const usualAudiences = [
  'urn:api:agilicus:gateway',
  'urn:api:agilicus:users',
  'urn:api:agilicus:applications',
] as const;
