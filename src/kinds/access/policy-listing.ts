import type { Api } from '../../engine/api.ts';

/** All reusable policies of the account. 1,000 is the largest page that the Access endpoints document. */
export const listPolicies = <P extends { readonly id: string }>(api: Api): Promise<readonly P[]> =>
  api.list<P>(api.path('access', 'policies'), { perPage: 1000 });
