// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { SettingsView } from './settings';

const background = vi.hoisted(() => ({ hidden: true, asked: [] as unknown[] }));

vi.mock('../../../lib/platform/about', () => ({ version: () => '1' }));
vi.mock('../../../lib/rpc/client', () => ({
  call: (name: string, input: { hidden?: boolean }) => {
    if (name === 'hide') {
      background.asked.push(input);
      background.hidden = input.hidden ?? true;
    }
    const row = { console: 'https://cloud.prowler.com', vendorName: 'Prowler', keep: 'ask' };
    return Promise.resolve({ ok: true, value: [{ ...row, panelHidden: background.hidden }] });
  },
}));

afterEach(cleanup);

it('takes back that the panel is hidden on a console', async () => {
  render(<SettingsView />);
  const box = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Show the panel on this console' });
  expect(box.checked).toBe(false);

  fireEvent.click(box);

  await waitFor(() => expect(background.asked).toEqual([{ console: 'https://cloud.prowler.com', hidden: false }]));
  await waitFor(() => expect(box.checked).toBe(true));
});
