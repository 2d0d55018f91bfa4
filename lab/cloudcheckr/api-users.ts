import type { Hono } from 'hono';
import { authenticate } from './api-auth';
import { listed } from './api-customers';
import { json } from './api-tokens';
import type { Deployment } from './deployment';
import type { Region } from './regions';

/** Mounts the people of a customer, for those whose token is for it. */
export function mountUsers(app: Hono, deployment: Deployment, region: Region): void {
  const { world, settings } = deployment;
  app.get('/auth/v1/customers/:customerId/users', (context) => {
    const { claims, owner } = authenticate(deployment, context.req.header('authorization'), region);
    const customerId = context.req.param('customerId');
    const mayLook = customerId === claims.authz_customer_id || customerId === owner.customerId;
    const items = mayLook ? world.users.filter((one) => one.customerId === customerId) : [];
    const page = { items, total: items.length, from: 0, size: items.length };
    return json(
      context.req.header('accept'),
      listed(page, ({ id, name, email }) => ({ id, name, email }), settings.lastPage),
    );
  });
}
