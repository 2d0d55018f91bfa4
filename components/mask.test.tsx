// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../lib/core/time';
import { now, session } from './fixtures/session';
import { Hero } from './hero';
import { HostList } from './host-list';
import { LockdownList } from './lockdown-list';
import { MoveResult } from './move-result';
import { hostOf, personName, plain, present, tenantName } from './names';
import { PanelCard } from './panel-card';
import { SessionList } from './session-list';
import { findSessions } from './session-search';
import { TenantPicker } from './tenant-picker';
import { Timeline } from './timeline';
import { TokenTable } from './token-table';
import { failureWords, about } from './failure-words';

const NAMES = ['Xanthippe', 'xanthippe@', 'wingtip', 'Yorkshire', '882130', 'zeta-', 'tailspin'];
const masked = session({
  person: { name: 'Xanthippe Ruiz', email: 'xanthippe@wingtip.example' },
  tenant: { id: '882130', name: 'Yorkshire Yards' },
  subject: 'zeta-882130',
  console: 'https://tailspin.esper.cloud',
  apiHost: 'tailspin-api.esper.cloud',
});
const other = session({ ...masked, id: 'b', person: {}, tenant: { id: '8821309' } });
const none = (): void => {};
const tenants = [{ id: '882130', name: 'Yorkshire Yards', current: false, ready: { session: 'b' } }];

/** All that is on the page: its text and its attributes, without what an id in a list is needed for. */
const shown = (): string =>
  document.body.innerHTML.replaceAll(/ (?:id|data-tenant|value|aria-labelledby|for)="[^"]*"/g, '');
const told = (text: string): string[] => NAMES.filter((name) => text.toLowerCase().includes(name.toLowerCase()));

beforeEach(() => present(true));
afterEach(() => {
  cleanup();
  present(false);
});

const surfaces: readonly (readonly [string, () => preact.JSX.Element])[] = [
  ['the hero', () => <Hero session={masked} now={now} onAct={none} />],
  ['the hero of somebody without a name', () => <Hero session={other} now={now} onAct={none} />],
  [
    'the list',
    () => (
      <SessionList sessions={[masked, other]} now={now} by="need" goOf={() => none} onOpen={none} onSignIn={none} />
    ),
  ],
  [
    'the switcher',
    () => (
      <TenantPicker
        list={{ items: tenants, fetchedAt: now }}
        vendor="Esper"
        now={now}
        busy={undefined}
        loading={false}
        onPick={none}
        onAgain={none}
      />
    ),
  ],
  [
    'what happened',
    () => <Timeline session={masked} now={now} entries={[{ at: now, what: 'captured' }]} onAgain={none} />,
  ],
  [
    'the result of a move',
    () => (
      <MoveResult
        before={masked}
        after={{ ...other, tenant: { id: 'tailspin-1' } }}
        result={{ session: 'b', from: 'a', console: 'followed' }}
        isHere
        now={now}
        onStep={none}
      />
    ),
  ],
  [
    'the tokens',
    () => (
      <TokenTable
        label="Tokens"
        now={now}
        tenantOf={(id) => tenantName({ id })}
        onEnd={none}
        tokens={[
          {
            jti: 'j',
            email: 'xanthippe@wingtip.example',
            tenant: '882130',
            subject: 's',
            session: 's',
            audiences: [],
            scopes: [],
            roles: {},
          },
        ]}
      />
    ),
  ],
  [
    'what locking down does',
    () => <LockdownList sessions={[masked, other]} of={() => ({ text: '', word: '', role: 'bad' })} />,
  ],
  [
    'the hosts',
    () => (
      <HostList
        hosts={[{ host: 'tailspin.esper.cloud', vendor: 'Esper', for: 'console', allowed: false }]}
        asking={[]}
        onAllow={none}
      />
    ),
  ],
  ...(['card', 'small', 'edge'] as const).map((size): readonly [string, () => preact.JSX.Element] => [
    `the panel as ${size}`,
    () => (
      <PanelCard
        view={{ session: masked, policy: 'ask', shows: 'card', ready: tenants }}
        now={now}
        size={size}
        failure={{ told: { code: 'permission_missing', host: 'tailspin.esper.cloud' } }}
        onAct={none}
      />
    ),
  ]),
];

describe('presenter mode', () => {
  it.each(surfaces)('shows no name, number or host of anybody in %s', (_, surface) => {
    render(surface());

    expect(told(shown())).toEqual([]);
    expect(shown()).toContain('•••');
  });

  it.each(surfaces.filter(([name]) => !/chip|happened/.test(name)))(
    'hides nothing in %s once it is off',
    (_, surface) => {
      present(false);
      render(surface());

      expect(told(shown())).not.toEqual([]);
    },
  );

  it('leaves letters and shapes, by which tenants are told apart', () => {
    render(<Hero session={masked} now={now} onAct={none} />);

    expect(document.querySelector('svg text')?.textContent).toBe('Y');
    expect(tenantName(masked.tenant)).toBe('Y•••');
    expect(personName(masked)).toBe('X•••');
  });

  it('masks once, however often a name is handed on', () => {
    expect(plain(plain('Yorkshire'))).toBe('Y•••');
    expect(plain('')).toBe('');
    expect(plain('!?')).toBe('•••');
  });

  it('leaves the vendors’ own hosts, which name nobody', () => {
    expect(hostOf('https://api.prowler.com')).toBe('api.prowler.com');
    expect(hostOf('https://admin.tailspin.agilicus.cloud')).toBe('a•••');
  });

  it('masks what a failure tells of', () => {
    const { title, text } = failureWords(
      { code: 'permission_missing', host: 'tailspin.esper.cloud' },
      about(masked, instant(now), 'Yorkshire Yards'),
    );

    expect(told(title + text)).toEqual([]);
  });

  it('finds a session by its real name all the same', () => {
    expect(findSessions([masked, session()], 'yorkshire')).toEqual([masked]);
  });
});
