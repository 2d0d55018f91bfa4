import { createHash } from 'node:crypto';

/** What a tenant's pages show: made up, and the same each time. */
export type Figures = {
  readonly providers: number;
  readonly passing: number;
  readonly failing: number;
  readonly score: number;
  readonly findings: readonly (readonly string[])[];
  readonly scans: readonly (readonly string[])[];
};

const checks = [
  ['Critical', 'Root account has no hardware MFA'],
  ['High', 'Storage bucket allows public listing'],
  ['High', 'Security group opens port 22 to the world'],
  ['Medium', 'Database snapshot is not encrypted'],
  ['Medium', 'Key has not been rotated for a year'],
  ['Low', 'Flow logs are off in one network'],
] as const;

/** Makes a tenant's figures out of nothing but its id. */
export function figuresOf(tenantId: string): Figures {
  const dice = createHash('sha256').update(tenantId).digest();
  const roll = (index: number, from: number, to: number): number => from + ((dice[index] ?? 0) % (to - from + 1));
  const failing = roll(0, 18, 140);
  return {
    providers: roll(1, 2, 9),
    passing: roll(2, 300, 900),
    failing,
    score: roll(3, 61, 94),
    findings: checks.map(([severity, check], index) => [severity, check, `resource-${roll(4 + index, 100, 999)}`]),
    scans: ['AWS', 'Azure', 'Google Cloud', 'Kubernetes'].map((provider, index) => [
      provider,
      `${roll(12 + index, 1000, 9999)} ${roll(16 + index, 1000, 9999)}`,
      index === 0 ? 'Running' : 'Completed',
      String(Math.floor(failing / (index + 1))),
    ]),
  };
}
