import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { accessCheck } from '../../src/guard/access.ts';
import { call, guardOf, recorder, serverOf } from './toy.ts';

const audience = 'f5dafc2d0d9d3e5b';
const pair = generateKeyPair('RS256');

/** A team's domain with its keys, and tokens that it signs. */
async function team(answer: (keys: object) => { readonly status: number; readonly body: string } = whole) {
  const { publicKey, privateKey } = await pair;
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };
  const { url } = await serverOf((incoming, outgoing) => {
    const { status, body } = incoming.url === '/cdn-cgi/access/certs' ? answer(keys) : { status: 404, body: '' };
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const tokenOf = (
    claims: JWTPayload = {},
    header: { alg: string; kid: string } = { alg: 'RS256', kid: 'k1' },
  ): Promise<string> =>
    new SignJWT({ email: 'user@example.com', iss: url, aud: [audience], exp: inSeconds(60), ...claims })
      .setProtectedHeader(header)
      .sign(header.alg === 'HS256' ? new TextEncoder().encode('x'.repeat(32)) : privateKey);
  return { url, tokenOf };
}

const whole = (keys: object) => ({ status: 200, body: JSON.stringify(keys) });
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe('a token of Access', () => {
  it('is valid for its team, its application and its time', async () => {
    const { url, tokenOf } = await team();
    const check = accessCheck(url, audience);
    expect(await check(await tokenOf())).toBe('valid');
    expect(await check(await tokenOf({ aud: audience, common_name: 'x.access', sub: '' }))).toBe('valid');
  });

  it.each<[string, JWTPayload]>([
    ['of another application', { aud: ['other'] }],
    ['of another team', { iss: 'https://other.cloudflareaccess.com' }],
    ['of yesterday', { exp: inSeconds(-60) }],
    ['of tomorrow', { nbf: inSeconds(3600) }],
  ])('%s is not', async (_, claims) => {
    const { url, tokenOf } = await team();
    expect(await accessCheck(url, audience)(await tokenOf(claims))).toBe('invalid');
  });

  it.each([undefined, '', 'x', 'a.b.c'])('is not %s', async (token) => {
    const { url } = await team();
    expect(await accessCheck(url, audience)(token)).toBe('invalid');
  });

  it('counts only with a signature of the team', async () => {
    const { url, tokenOf } = await team();
    const check = accessCheck(url, audience);
    const [header = '', payload = '', signature = ''] = (await tokenOf()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await check(`${none}.${payload}.`)).toBe('invalid');
    expect(
      await check(`${header}.${Buffer.from(`{"iss":"${url}","aud":"${audience}"}`).toString('base64url')}.${signature}`),
    ).toBe('invalid');
    expect(await check(await tokenOf({}, { alg: 'HS256', kid: 'k1' }))).toBe('invalid');
    expect(await check(await tokenOf({}, { alg: 'RS256', kid: 'unknown' }))).toBe('invalid');
  });

  it('cannot be judged where the keys of the team cannot be read', async () => {
    const { tokenOf } = await team();
    const failing = await team(() => ({ status: 500, body: '' }));
    const odd = await team(() => ({ status: 200, body: '<html>' }));
    for (const url of [failing.url, odd.url, 'http://127.0.0.1:1']) {
      expect(await accessCheck(url, audience)(await tokenOf({ iss: url }))).toBe('unavailable');
    }
  });
});

it('a guard with --access-team needs both the key and the token', async () => {
  const { url: teamUrl, tokenOf } = await team();
  const upstream = recorder();
  const { url } = await guardOf((await serverOf(upstream.listener)).url, { access: accessCheck(teamUrl, audience) });
  const token = await tokenOf();
  const withToken = { 'cf-access-jwt-assertion': token };
  expect((await call(url, { headers: { ...withToken, 'x-api-key': 'wrong' } })).status).toBe(401);
  const refused = await call(url);
  expect([refused.status, JSON.parse(refused.text).error.type]).toEqual([403, 'auth']);
  expect((await call(url, { headers: withToken })).status).toBe(200);
  expect(upstream.requests.map(({ headers }) => headers['cf-access-jwt-assertion'])).toEqual([undefined]);
  const unreadable = await guardOf('http://127.0.0.1:1', { access: accessCheck('http://127.0.0.1:1', audience) });
  expect((await call(unreadable.url, { headers: withToken })).status).toBe(503);
});
