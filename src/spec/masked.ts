import type { Finding } from '../engine/kind.ts';
import { withoutTokens } from '../lib/token-shapes.ts';

/** A finding that repeats nothing that looks like a secret, not even as a name that somebody gave. */
export const masked = (finding: Finding): Finding => ({
  ...finding,
  message: withoutTokens(finding.message),
  ...(finding.hint === undefined ? {} : { hint: withoutTokens(finding.hint) }),
  ...(finding.place === undefined ? {} : { place: { ...finding.place, path: withoutTokens(finding.place.path) } }),
});
