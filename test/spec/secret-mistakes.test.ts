import { describe, expect, it } from 'vitest';
import { reportError } from '../../src/cli/report-error.ts';
import { findingJson } from '../../src/render/json.ts';
import { renderFindings } from '../../src/render/diagnostics.ts';
import { fakeWorld } from '../fake-world.ts';
import { runSandbox } from '../support/run-sandbox.ts';

const canary = 'Hunter2xCanary';

/** All that a person or a program is told about a document that is refused. */
async function toldOf(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { world, stdout, stderr } = fakeWorld();
  try {
    const { findings } = runSandbox().load(yaml, env);
    return `accepted ${renderFindings(findings, [{ name: 'portal.yaml', text: yaml }])} ${JSON.stringify(findings.map(findingJson))}`;
  } catch (error) {
    await reportError(error, world, { json: false, debug: false });
    await reportError(error, world, { json: true, debug: false });
    return `${String(error)}\n${stderr()}\n${stdout()}`;
  }
}

const server = (fields: string): string =>
  `version: 1\nservers:\n  a:\n    url: https://a.example.com/mcp\n${fields.replace(/^/gm, '    ')}\n`;
const flow = (fields: string): string => `version: 1\nservers: { a: { url: https://a.example.com/mcp, ${fields} } }\n`;

describe('a secret in the wrong place is refused and never shown', () => {
  it.each([
    ['a user in a URL', 'version: 1\nservers: { a: { url: "https://user:CANARY@a.example.com/mcp" } }'],
    ['a user in a URL that cannot be read', 'version: 1\nservers:\n  a:\n    url: https://user:CANARY@a b/mcp\n'],
    ['a user in a URL without a scheme', 'version: 1\nservers:\n  a:\n    url: user:CANARY@a.example.com/mcp\n'],
    ['a second bearer', server('auth:\n  bearer: CANARY\n  bearer: CANARY')],
    ['a bearer with a colon', server('auth:\n  bearer: abc: CANARY')],
    ['a bearer that starts with @', server('auth:\n  bearer: @CANARY')],
    ['a bearer that starts with `', server('auth:\n  bearer: `CANARY')],
    ['a bearer that starts with >', server('auth:\n  bearer: >CANARY')],
    ['a bearer that starts with |', server('auth:\n  bearer: |CANARY')],
    ['a bearer that starts with %', server('auth:\n  bearer: %CANARY')],
    ['a bearer that starts with *', server('auth:\n  bearer: *CANARY')],
    ['a bearer that starts with &', server('auth:\n  bearer: &CANARY')],
    ['a bearer that starts with !', server('auth:\n  bearer: !CANARY')],
    ['a tag', server('auth:\n  bearer: !secret CANARY')],
    ['an open list', server('auth:\n  bearer: [CANARY')],
    ['an open list over lines', server('auth:\n  bearer: [\n  CANARY: : x')],
    ['an open quote', server('auth:\n  bearer: "CANARY')],
    ['a bad escape', server('auth:\n  bearer: "CANARY\\q"')],
    ['a long text whose second line is bad', server('auth:\n  bearer: "abc\n    CANARY \\q"')],
    ['a quote that goes on further out', server('auth:\n  bearer: "-----BEGIN\n\nabc\nCANARY: : x\nfoo"')],
    ['a value in the next line', server('auth:\n  bearer:\n    x: y: CANARY')],
    ['a tab', server('auth:\n\tbearer: CANARY')],
    ['a key without a value', server('auth:\n  bearer: env:X\n  CANARY')],
    ['a key without a space', server('bearer:CANARY')],
    ['such a key in braces', flow('token:CANARY')],
    ['an unknown token', server('token: CANARY')],
    ['an unknown api_key', server('api_key: CANARY')],
    ['an unknown client_secret', server('client_secret: CANARY')],
    ['an unknown client_secret of a token', 'version: 1\nservice_tokens:\n  ci:\n    client_secret: CANARY\n'],
    ['an unknown key of a token', 'version: 1\nservice_tokens:\n  ci:\n    value: CANARY\n'],
    ['api_token at the root', 'version: 1\napi_token: CANARY\n'],
    ['CLOUDFLARE_API_TOKEN at the root', 'version: 1\nCLOUDFLARE_API_TOKEN: CANARY\n'],
    ['the key itself', flow('auth: { CANARY: x }')],
    ['the key itself in its line', server('auth:\n  CANARY: x')],
    ['the key itself twice', server('auth:\n  CANARY: x\n  CANARY: x')],
    ['a header name', flow('auth: { headers: { "CANARY abc": env:X } }')],
    ['a header value', flow('auth: { headers: { X-Key: CANARY } }')],
    ['an unknown service token', flow('auth: { service_token: CANARY }')],
    ['a token for a map', 'version: 1\nservice_tokens: { ci: CANARY }\n'],
    ['a token for the section', 'version: 1\nservice_tokens: CANARY\n'],
    ['a variable that cannot be read', server('auth:\n  bearer: ${CANARY-x!}')],
    ['another mistake in the same line', flow('auth: { bearer: CANARY }, urll: x')],
    ['a warning for the same line', 'version: 1\nservers: { a: { url: "http://a.example.com/mcp?token=CANARY", auth: none } }'],
  ])('%s', async (_, yaml) => {
    const told = await toldOf(yaml.replaceAll('CANARY', canary));
    expect(told).toMatch(/(error|warning) MCP/);
    expect(told).not.toContain(canary);
  });

  it('also where a variable brought it', async () => {
    for (const fields of ['auth: { service_token: "${S}" }', 'auth: { bearer: "${S}" }', 'auth: "${S}"'])
      expect(await toldOf(flow(fields), { S: canary })).not.toContain(canary);
    expect(await toldOf('version: 1\nservers: { a: { url: "https://${S}@x.example/mcp" } }', { S: canary })).not.toContain(
      canary,
    );
  });

  it('and the key is still shown, so that the line is found', async () => {
    const told = await toldOf(server('token: s3cret'));
    expect(told).toContain('5 |     token: …\n  |     ^');
    expect(told).toContain('unknown key \\"token\\" in servers.a');
    expect(await toldOf(flow('auth: { service_token: gone }'))).toContain('there is no service token "gone"');
  });
});

describe('a value that looks like a secret by itself is never shown', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const secret = `ghp_${letters}`;

  it.each([
    ['of an unknown key', server(`foo: ${secret}`)],
    ['of an unknown key in braces', flow(`foo: ${secret}`)],
    ['of an unknown key of the document', `version: 1\nfoo: ${secret}\n`],
    ['that is an unknown key', server(`${secret}: x`)],
    ['that is a key twice', server(`${secret}: x\n${secret}: y`)],
    ['that is the name of an entry', `version: 1\nservers: { ${secret}: { url: x } }\n`],
    ['for a boolean', server(`secure_web_gateway: ${secret}`)],
    ['for a map', `version: 1\nservers:\n  a: ${secret}\n`],
    ['for a section', `version: 1\nservers: ${secret}\n`],
    ['for an enum', server(`auth: none\ntools: ${secret}`)],
    ['longer than what is quoted', server(`secure_web_gateway: xoxb-${letters}${letters}`)],
    [
      'as a name that is not there',
      'version: 1\nportals: { p: { hostname: a.example.com, servers: [SECRET] } }'.replace('SECRET', secret),
    ],
    ['in a text', server(`description: use ${secret} here`)],
    ['in a comment beside a mistake', server(`urll: x # ${secret}`)],
    ['in a text that cannot be read', server(`foo: bar: ${secret}`)],
    ['in a variable that cannot be read', server(`description: \${${secret}-x!}`)],
    ['of a Bearer header', server(`foo: Bearer ${letters}`)],
  ])('%s', async (_, yaml) => {
    const told = await toldOf(yaml);
    expect(told).toMatch(/(error|warning) MCP/);
    expect(told).not.toContain('abcdefgh');
  });
});

describe('an ordinary mistake', () => {
  it('is shown with its line', async () => {
    expect(await toldOf(server('auth: { bearer: env:X }\nurll: x'))).toContain('6 |     urll: x');
    expect(await toldOf(server('auth: { bearer: env:X }\ndescription: a: b'))).toContain('6 |     description: a: b');
    const headers = server('auth: { headers: { X-Key: env:X, X-Other: file:k.txt } }\ndescription: a: b');
    expect(await toldOf(headers)).toContain('6 |     description: a: b');
    expect(await toldOf(flow('auth: { bearer: env:X }, urll: x'))).toContain('auth: { bearer: env:X }, urll: x');
    const named = 'version: 1\nservers:\n  token-search:\n    url: https://x.example/mcp\n    secure_web_gateway: yes\n';
    expect(await toldOf(named)).toContain('found the string "yes"');
    expect(await toldOf(named)).toContain('secure_web_gateway: yes\n');
  });

  it('with the name of what every object has is an unknown key', async () => {
    for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
      const told = await toldOf(`version: 1\ngroups: { staff: { include: [{ everyone: true }], ${key}: 1 } }`);
      expect(told).toContain(`unknown key "${key}" in groups.staff`);
    }
  });

  it('with NUL or half of a surrogate pair is refused', async () => {
    for (const escape of ['\\0', '\\uD800'])
      for (const yaml of [server(`name: "a${escape}b"`), `version: 1\nservers: { "a${escape}": { url: https://x.example } }`])
        expect(await toldOf(yaml)).toContain('control character');
    expect(await toldOf(server('name: "\\U0001F600"'))).toContain('accepted');
  });
});
