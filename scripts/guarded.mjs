// Processes and folders that never outlive the process that made them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const groups = new Set();
const folders = new Set();
let guard;

function tell(message) {
  if (guard === undefined) {
    // By the working folder, not by this file's place: the demo carries this module inside its bundle.
    guard = spawn(process.execPath, [resolve('scripts/guard.mjs')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guard.unref();
    guard.stdin.unref();
    guard.stdin.on('error', () => {}); // It was ended by hand; the handlers below still clean up.
    process.once('exit', endEverything);
  }
  guard.stdin.write(`${JSON.stringify(message)}\n`);
}

function killGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}

function endEverything() {
  for (const group of groups) killGroup(group, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Starts a process in a group of its own, which ends with this process. */
export function spawnGuarded(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: true });
  const group = child.pid;
  if (group === undefined) return child;
  groups.add(group);
  tell({ verb: 'add', group });
  child.once('exit', () => {
    // What it started and left behind goes with it.
    killGroup(group, 'SIGKILL');
    groups.delete(group);
    tell({ verb: 'delete', group });
  });
  return child;
}

/** Ends a process started by `spawnGuarded`, and everything it started; gently at first. */
export async function endGuarded(child, graceMs = 3000) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  killGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

/** Kills a process started by `spawnGuarded`, and everything it started, at once. */
export async function killGuarded(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  killGroup(child.pid, 'SIGKILL');
  await ended;
}

/** Makes a folder for temporary things, which goes with this process. */
export function makeGuardedFolder(prefix) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  folders.add(folder);
  tell({ verb: 'add', folder });
  return folder;
}

/** Removes a folder made by `makeGuardedFolder`. */
export function removeGuardedFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  folders.delete(folder);
  tell({ verb: 'delete', folder });
}

function statusOf(pid) {
  try {
    // The name in brackets may itself hold brackets and blanks; what follows the last one does not.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
  } catch {
    return {}; // No /proc here, or no such process.
  }
}

/** Ends this process when the one that started it is gone, and on the signals that ask for it. */
export function endWithParent() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => process.exit(code));
  }
  const parent = process.ppid;
  // npm runs a script in a shell, which survives npm; not every shell stays between them.
  const { name, parent: npm } = statusOf(parent);
  const isBetween = process.env.npm_lifecycle_event !== undefined && /^(ba|da|a|z|k)?sh$/.test(name ?? '');
  setInterval(() => {
    if (process.ppid !== parent || (isBetween && statusOf(parent).parent !== npm)) process.exit(129);
  }, 500).unref();
}
