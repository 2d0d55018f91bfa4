import { capture } from './capture';
import { diagnose, repair, timeline } from './diagnose';
import { forget } from './forget';
import { add_deployment, consider, deployments, refuse_host, remove_deployment } from './hosts';
import { keep, pause, watch } from './keep';
import { lock, lock_settings, set_passphrase, unlock } from './lock';
import { lockdown } from './lockdown';
import { attend, look } from './look';
import { move } from './move';
import { obtain, sign_ins } from './obtain';
import { renew } from './renew';
import { reveal } from './reveal';
import { allow, consent, hide, open_consent, open_console, open_popup, policies, policy, prefer } from './settings';
import { sign_out } from './sign-out';
import { tenants } from './tenants';
import { create, end_session, list_tokens, revoke, validate } from './tokens';
import { panel } from './view';

/** Every verb there is, by the name it is called with. This value is the contract: the client's types follow from it. */
export const operations = {
  add_deployment,
  allow,
  attend,
  capture,
  consent,
  consider,
  create,
  deployments,
  diagnose,
  end_session,
  forget,
  hide,
  keep,
  list_tokens,
  lock,
  lock_settings,
  lockdown,
  look,
  move,
  obtain,
  open_consent,
  open_console,
  open_popup,
  panel,
  pause,
  policies,
  policy,
  prefer,
  refuse_host,
  remove_deployment,
  renew,
  repair,
  reveal,
  revoke,
  set_passphrase,
  sign_ins,
  sign_out,
  tenants,
  timeline,
  unlock,
  validate,
  watch,
} as const;

/** The contract of the calls between Fob's parts. */
export type Operations = typeof operations;
