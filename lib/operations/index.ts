import { capture } from './capture';
import { forget } from './forget';
import { keep, pause, watch } from './keep';
import { attend, look } from './look';
import { move } from './move';
import { renew } from './renew';
import { reveal } from './reveal';
import { allow, consent, hide, open_consent, open_console, open_popup, policies, policy } from './settings';
import { sign_out } from './sign-out';
import { tenants } from './tenants';
import { panel } from './view';

/** Every verb there is, by the name it is called with. This value is the contract: the client's types follow from it. */
export const operations = {
  allow,
  attend,
  capture,
  consent,
  forget,
  hide,
  keep,
  look,
  move,
  open_consent,
  open_console,
  open_popup,
  panel,
  pause,
  policies,
  policy,
  renew,
  reveal,
  sign_out,
  tenants,
  watch,
} as const;

/** The contract of the calls between Fob's parts. */
export type Operations = typeof operations;
