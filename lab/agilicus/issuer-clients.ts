import type { ClientMetadata } from 'oidc-provider';
import type { Domain } from './world';

/** The vendor's public clients, with the addresses they have at a domain. */
export function clientsOf({ name }: Domain): ClientMetadata[] {
  const common = {
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope:
      'openid offline_access profile email urn:agilicus:users urn:agilicus:applications urn:agilicus:organisations',
  } as const;
  const web = (client_id: string, host: string): ClientMetadata => ({
    ...common,
    grant_types: [...common.grant_types],
    response_types: [...common.response_types],
    client_id,
    redirect_uris: [`https://${host}.${name}/callback`],
    post_logout_redirect_uris: [`https://${host}.${name}/`],
  });
  return [
    web('agilicus-builtin-portal', 'admin'),
    web('profile', 'profile'),
    {
      ...common,
      grant_types: [...common.grant_types],
      response_types: [...common.response_types],
      client_id: 'agilicus-builtin-cli',
      application_type: 'native',
      redirect_uris: [4200, 4201, 4202, 4203, 4204].map((port) => `http://localhost:${port}`),
    },
  ];
}

/** The origins of a domain's consoles. */
export const consoleOriginsOf = ({ name }: Domain): string[] => [`https://admin.${name}`, `https://profile.${name}`];
