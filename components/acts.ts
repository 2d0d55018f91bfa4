import type { Act } from './words';

/** Everything a person can do about one session. */
export type SessionAct =
  Act | 'keep_always' | 'watch' | 'pause' | 'renew' | 'details' | 'copy_token' | 'copy_curl' | 'forget';
