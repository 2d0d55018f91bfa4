import { Hono } from 'hono';
import type { FaultOrder, Faults } from './faults';
import type { Ledger } from './ledger';
import { changeSettings, type LabSettings, type ServerClock, type SettingsChange } from './settings';

type Controlled = {
  readonly settings: LabSettings;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly now: ServerClock;
};

/** The lab's own objects over HTTP, for processes outside: the same names, as JSON. */
export function createControl({ settings, faults, ledger, now }: Controlled): Hono {
  const app = new Hono();
  app.get('/settings', (context) => context.json(settings));
  app.post('/settings', async (context) => {
    return context.json(changeSettings(settings, await context.req.json<SettingsChange>()));
  });
  app.get('/faults', (context) => context.json(faults.active));
  app.post('/faults', async (context) => {
    const { id } = faults.add(await context.req.json<FaultOrder>());
    return context.json({ id }, 201);
  });
  app.delete('/faults', (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  app.get('/ledger', (context) => context.json(ledger.of(context.req.query())));
  app.delete('/ledger', (context) => {
    ledger.clear();
    return context.body(null, 204);
  });
  app.get('/time', (context) => context.json({ now: now() }));
  app.post('/time', async (context) => {
    const { advanceMs } = await context.req.json<{ advanceMs: number }>();
    settings.clockOffsetMs += advanceMs;
    return context.json({ now: now() });
  });
  return app;
}
