/** The consoles Fob knows: where each is opened, and the hosts it reads and writes to there. */
export const consoles = [
  { name: 'Prowler', url: 'https://cloud.prowler.com/', hosts: ['cloud.prowler.com', 'api.prowler.com'] },
] as const;
