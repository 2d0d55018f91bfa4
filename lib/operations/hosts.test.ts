import { describe, expect, it } from 'vitest';
import { CONSOLE, consoleIn, EXTENSION, makeWorld } from '../testing/world';
import { capture } from './capture';
import { keep } from './keep';
import { add_deployment, consider, deployments, refuse_host, remove_deployment } from './hosts';
import { consent } from './settings';

const OWN = 'https://prowler.northwind.example';
const API = 'https://api.northwind.example';
const TAB = 7;

async function agreed() {
  const world = makeWorld();
  const { fob } = world.worker();
  await consent.run(fob, {}, EXTENSION);
  const covered: string[][] = [];
  Object.assign(fob, { cover: (own: object) => Promise.resolve(void covered.push(Object.keys(own))) });
  const add = (console: string, api?: string, vendor = 'prowler') =>
    add_deployment.run(fob, { vendor, console, ...(api === undefined ? {} : { api }) }, EXTENSION);
  const asks = async (address: string) => {
    const said = await consider.run(fob, { address }, EXTENSION);
    return said.ok ? said.value : said.failure;
  };
  const added = async () => {
    const said = await deployments.run(fob, {}, EXTENSION);
    return said.ok ? said.value : [];
  };
  /** A console on own hosts shows a session of a tenant. */
  const show = async (tenant: string, page = OWN, tab = TAB) => {
    const there = (await added()).find((one) => one.console === page);
    const known = consoleIn(tab);
    const caller = there ? { ...known, deployment: { console: there.console, api: there.api } } : known;
    await capture.run(fob, { access: world.vendor.signIn(tenant, world.now()).access }, caller);
    return world.tabs.get(tab)?.session ?? '';
  };
  return { world, fob, add, asks, added, show, covered };
}

describe('what a host could be', () => {
  it.each([`${CONSOLE}/scans`, 'https://app-eu.cloudcheckr.com', 'https://northwind.esper.cloud', 'northwind.run.ai'])(
    'is not asked of a console Fob knows: %s',
    async (address) => {
      const { asks } = await agreed();

      expect(await asks(address)).toMatchObject({ candidates: [], isRefused: false });
    },
  );

  it('is likely Agilicus by its name, and anything else by nothing', async () => {
    const { asks } = await agreed();
    const likely = async (address: string) => {
      const said = await asks(address);
      return 'candidates' in said ? said.candidates.map(({ vendor, isLikely }) => `${vendor} ${isLikely}`) : [];
    };

    expect(await likely('https://admin.northwind.example/apps')).toEqual([
      'prowler false',
      'runai false',
      'agilicus true',
    ]);
    expect(await likely(OWN)).toEqual(['prowler false', 'runai false']);
  });

  it.each([
    'http://prowler.northwind.example',
    'ftp://x.example',
    'about:blank',
    'chrome://settings',
    'data:text/html,x',
    '',
  ])('is nothing for %j', async (address) => {
    const { asks } = await agreed();

    expect(await asks(address)).toEqual({ code: 'invalid_input', field: 'address' });
  });

  it('is not asked again of one the person refused, until it is added', async () => {
    const { fob, add, asks } = await agreed();
    await refuse_host.run(fob, { console: `${OWN}/path` }, EXTENSION);
    expect(await asks(OWN)).toMatchObject({ console: OWN, isRefused: true });

    await add(OWN, API);

    expect(await asks(OWN)).toEqual({ console: OWN, candidates: [], isRefused: false });
  });
});

describe('a console on own hosts', () => {
  it.each([
    [OWN, API, OWN, API],
    [`${OWN}/sign-in?next=/#x`, `${API}/api/v1`, OWN, API],
    ['prowler.northwind.example', 'api.northwind.example', OWN, API],
    [OWN, undefined, OWN, `${OWN}:8080`],
    [OWN, '', OWN, `${OWN}:8080`],
    ['https://ana:canary@prowler.northwind.example', API, OWN, API],
    [`${OWN}:8443`, API, `${OWN}:8443`, API],
    ['http://localhost:3000', undefined, 'http://localhost:3000', 'http://localhost:8080'],
    ['http://127.0.0.1:3000', 'http://localhost:8080', 'http://127.0.0.1:3000', 'http://localhost:8080'],
  ])('is added by its address %j, with its API at %j', async (console, api, there, apiThere) => {
    const { add, added, covered } = await agreed();

    expect(await add(console, api)).toEqual({ ok: true, value: undefined });
    expect(await added()).toEqual([{ vendor: 'prowler', console: there, api: apiThere }]);
    expect(covered).toEqual([[there]]);
  });

  it.each([
    ['without TLS', 'http://prowler.northwind.example', API, 'console'],
    ['with a name that begins like this computer', 'http://localhost.northwind.example', API, 'console'],
    ['that is none', 'blob:canary', API, 'console'],
    ['that Fob knows', CONSOLE, API, 'console'],
    ["that is another vendor's", 'https://northwind.run.ai', API, 'console'],
    ['with an API without TLS', OWN, 'http://api.northwind.example', 'api'],
    ['with an API that is none', OWN, 'not an address', 'api'],
  ])('is not added %s', async (_, console, api, field) => {
    const { add, added } = await agreed();

    expect(await add(console, api)).toEqual({ ok: false, failure: { code: 'invalid_input', field } });
    expect(await added()).toEqual([]);
  });

  it.each(['cloudcheckr', 'esper', 'nobody', '__proto__'])('is not offered by %s', async (vendor) => {
    const { add } = await agreed();

    expect(await add(OWN, API, vendor)).toEqual({ ok: false, failure: { code: 'not_offered' } });
  });

  it('is not added before the browser allows it, and the host to allow is named', async () => {
    const { world, add, added, fob } = await agreed();
    world.permitted = false;
    expect(await add(OWN, API)).toMatchObject({ failure: { code: 'permission_missing', host: new URL(OWN).host } });
    Object.assign(fob, { mayReach: (origin: string) => Promise.resolve(origin !== API) });

    expect(await add(OWN, API)).toMatchObject({ failure: { code: 'permission_missing', host: new URL(API).host } });
    expect(await added()).toEqual([]);
  });

  it('takes its sessions with it when it is removed, and nothing else', async () => {
    const { world, fob, add, added, show, covered } = await agreed();
    await add(OWN, API);
    await add('https://other.northwind.example', API);
    const gone = [await show('tenant-a'), await show('tenant-b')];
    await keep.run(fob, { session: gone[0] ?? '' }, EXTENSION);
    const stays = [await show('tenant-a', CONSOLE, 8), await show('tenant-a', 'https://other.northwind.example', 9)];

    await remove_deployment.run(fob, { console: OWN }, EXTENSION);

    expect(world.heads().map(({ id }) => id)).toEqual(stays);
    expect((await added()).map(({ console }) => console)).toEqual(['https://other.northwind.example']);
    const records = [...world.disk.local.keys(), ...world.disk.session.keys()];
    expect(records.filter((name) => gone.some((id) => name === `head:${id}` || name === `sealed:${id}`))).toEqual([]);
    expect(covered.at(-1)).toEqual(['https://other.northwind.example']);
  });

  it.each([CONSOLE, 'https://nobody.example', '__proto__', ''])(
    'is not %j: removing that forgets nothing',
    async (console) => {
      const { world, fob, add, show } = await agreed();
      await add(OWN, API);
      await show('tenant-a', CONSOLE);

      await remove_deployment.run(fob, { console }, EXTENSION);

      expect(world.heads()).toHaveLength(1);
      expect(Object.keys((await fob.vault.state()).deployments)).toEqual([OWN]);
    },
  );

  it('added anew with another API lets go of sessions whose tokens could go to the old one only', async () => {
    const { world, add, show } = await agreed();
    await add(OWN, API);
    await show('tenant-a');
    const elsewhere = await show('tenant-a', CONSOLE, 8);

    await add(OWN, 'https://api2.northwind.example');
    expect(world.heads().map(({ id }) => id)).toEqual([elsewhere]);
    await show('tenant-a');

    expect(world.heads().map(({ api }) => api)).toEqual(['https://api.prowler.com', 'https://api2.northwind.example']);
  });

  it('added anew as it is keeps its sessions', async () => {
    const { world, add, show } = await agreed();
    await add(OWN, API);
    const id = await show('tenant-a');

    await add(OWN, API);

    expect(world.heads().map((head) => head.id)).toEqual([id]);
  });
});
