/** What nobody sees in the first moment: it is loaded right after it, so that the first paint waits for none of it. */
export { findSessions } from '../../components/session-search';
export { Detail } from './views/detail';
export { LockButton } from './views/lock-button';
export { Locked } from './views/locked';
export { Moved } from './views/moved';
export { Switcher } from './views/switcher';
export { UnknownConsole } from './views/unknown-console';
