import { createRemoteJWKSet, jwtVerify } from 'jose';

/** What a `Cf-Access-Jwt-Assertion` proves; `unavailable` where Cloudflare's keys cannot be read. */
export type AccessVerdict = 'valid' | 'invalid' | 'unavailable';
export type AccessCheck = (token: string | undefined) => Promise<AccessVerdict>;

/**
 * Checks that Cloudflare Access of the team let a request through, for the application with this AUD tag: signature,
 * issuer, audience, and time. The team's keys are read when the first token comes, and again when a new one signs.
 * `origin` is `https://TEAM.cloudflareaccess.com`.
 */
export function accessCheck(origin: string, audience: string): AccessCheck {
  const keys = createRemoteJWKSet(new URL('/cdn-cgi/access/certs', origin), { timeoutDuration: 5_000 });
  return async (token) => {
    if (token === undefined) return 'invalid';
    try {
      await jwtVerify(token, keys, { issuer: origin, audience, algorithms: ['RS256'] });
      return 'valid';
    } catch (error) {
      return isAboutToken(error) ? 'invalid' : 'unavailable';
    }
  };
}

/** The library's errors carry a code; those without one come from the network, and two are about the answer of the team's domain. */
function isAboutToken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_J') && code !== 'ERR_JWKS_TIMEOUT' && code !== 'ERR_JOSE_GENERIC';
}
