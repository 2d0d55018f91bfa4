/** A vendor's consoles, as a person is told of them before anything is read. */
export type KnownConsole = {
  readonly name: string;
  /** Where one signs in; absent where every tenant has an address of its own. */
  readonly url?: string;
  /** The hosts Fob may reach from the start, as people write them. */
  readonly hosts: readonly string[];
  /** Further hosts are asked for one by one. */
  readonly isAskedFor?: true;
};

const regions = ['us', 'eu', 'au', 'gov'] as const;

/** The consoles Fob knows: where each is opened, and the hosts it reads and writes to there. The manifest names the same. */
export const consoles: readonly KnownConsole[] = [
  { name: 'Prowler', url: 'https://cloud.prowler.com/', hosts: ['cloud.prowler.com', 'api.prowler.com'] },
  {
    name: 'CloudCheckr',
    url: 'https://app-us.cloudcheckr.com/',
    hosts: regions.flatMap((region) => ['app', 'api', 'auth'].map((one) => `${one}-${region}.cloudcheckr.com`)),
  },
  { name: 'Esper', hosts: ['*.esper.cloud'] },
  { name: 'Run:ai', hosts: ['*.run.ai'] },
  { name: 'Agilicus', hosts: ['api.agilicus.com'], isAskedFor: true },
];
