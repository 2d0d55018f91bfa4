import type { Deployment, Vendor } from '../core/vendor';

/**
 * The token in a console's own request, or undefined where it is to be believed of nobody: the page that asked must be the
 * deployment's console, and the vendor says whether the address that was asked is its API. `there`: whose console the page is.
 */
export function heardOn(
  there: { readonly vendor: Pick<Vendor, 'wire'>; readonly deployment: Deployment } | undefined,
  { page, url, authorization }: { readonly page: string; readonly url: URL; readonly authorization: string },
): string | undefined {
  if (there?.deployment.console !== page) return undefined;
  return there.vendor.wire?.(authorization, url, there.deployment);
}
