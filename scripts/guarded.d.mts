import type { ChildProcess, SpawnOptions } from 'node:child_process';

export declare function spawnGuarded(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
export declare function endGuarded(child: ChildProcess, graceMs?: number): Promise<void>;
export declare function killGuarded(child: ChildProcess): Promise<void>;
export declare function makeGuardedFolder(prefix: string): string;
export declare function removeGuardedFolder(folder: string): void;
export declare function endWithParent(): void;
