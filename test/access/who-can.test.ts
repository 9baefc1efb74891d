import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { botSees, botsByServer, portalPolicies, serverPolicies } from '../../src/access/bots.ts';
import { whoCan, type ServerAccess } from '../../src/access/who-can.ts';
import type { Who } from '../../src/access/who.ts';
import { isPlain, memberOf, type Plain } from '../../src/engine/values.ts';
import { runSandbox } from '../support/run-sandbox.ts';
import { alice, bot, documentOf } from './documents.ts';

const access = { policies: ['people', 'robots'] };
const base = {
  service_tokens: { ci: {}, idle: { enabled: false } },
  policies: {
    people: { decision: 'allow', include: [{ email: 'alice@example.com' }] },
    robots: { decision: 'service_auth', include: [{ any_valid_service_token: true }] },
    others: { decision: 'allow', include: [{ email: 'bob@example.com' }] },
  },
};

function serverIn(who: Who, { server = {}, link, portal = {} }: { server?: Plain; link?: Plain; portal?: Plain }): ServerAccess {
  const servers = link === undefined ? ['notes'] : { notes: link };
  const [found] = whoCan(
    who,
    documentOf({
      ...base,
      servers: { notes: { access, ...server } },
      portals: { tools: { hostname: 'h', servers, access, ...portal } },
    }),
  );
  const [first] = found?.servers ?? [];
  if (first === undefined) throw new Error('no server');
  return first;
}

describe('a server in a portal', () => {
  it('is there for whom both applications let in', () => {
    expect(serverIn(alice, {}).access).toBe('yes');
    expect(serverIn(alice, { server: { access: { policies: ['others'] } } }).access).toBe('no');
    expect(serverIn(alice, { portal: { access: { policies: ['others'] } } })).toMatchObject({
      access: 'no',
      why: 'the portal refuses',
    });
  });

  it('is unknown where the document leaves its access as it is', () => {
    expect(serverIn(alice, { server: { access: undefined } })).toMatchObject({
      access: 'unknown',
      why: expect.stringContaining('no access:'),
    });
    expect(serverIn(alice, { server: { access: {} } }).why).toContain('no access.policies:');
    expect(serverIn(alice, { server: { access: { policies: null } } })).toMatchObject({
      access: 'no',
      why: 'it has no policies',
    });
    expect(serverIn(alice, { portal: { access: undefined } }).access).toBe('unknown');
  });

  it('is refused when it refuses, whatever is unknown of the portal', () => {
    const portal = { access: undefined };
    expect(serverIn(alice, { portal, server: { access: { policies: ['others'] } } }).access).toBe('no');
  });

  it.each<[string, Parameters<typeof serverIn>[1], string]>([
    ['on_behalf: false', { link: { on_behalf: false } }, 'yes'],
    ['on_behalf: true', { link: { on_behalf: true } }, 'no'],
    ['on_behalf: null, which asks for the standard', { link: { on_behalf: null } }, 'no'],
    ['nothing said', { link: {} }, 'unknown'],
    ['nothing said, in a list', {}, 'unknown'],
    ['a portal with service_tokens', { portal: { service_tokens: ['ci'] } }, 'yes'],
    [
      'a portal with service_tokens, and on_behalf: true',
      { portal: { service_tokens: ['ci'] }, link: { on_behalf: true } },
      'no',
    ],
    ['an oauth server of such a portal', { portal: { service_tokens: ['ci'] }, server: { auth: 'oauth' } }, 'no'],
    ['an oauth server with on_behalf: false', { server: { auth: 'oauth' }, link: { on_behalf: false } }, 'yes'],
  ])('is seen by a bot with %s: %#', (_name, given, answer) => {
    expect(serverIn(bot, given).access).toBe(answer);
    expect(serverIn(alice, given).access).toBe('yes');
  });

  it('is closed to a token that is turned off or is not there', () => {
    const link = { on_behalf: false };
    expect(serverIn({ is: 'bot', token: 'idle' }, { link }).access).toBe('no');
    expect(serverIn({ is: 'bot', token: 'nowhere' }, { link }).access).toBe('no');
  });
});

describe('the tools of a server', () => {
  const tools = (link: Plain, server: Plain = {}) => serverIn(alice, { link, server }).tools;

  it('are all shown where nothing is said', () => {
    expect(tools({})).toEqual({ default: 'enabled', shown: [], hidden: [], renamed: {} });
  });

  it('are as the link says, else as the server says, else as the default of the link', () => {
    const server = { tools: { purge: false, search: { alias: 'find' }, read: { alias: 'see' } } };
    expect(tools({ tools: { delete: false, search: { alias: 'lookup' } } }, server)).toEqual({
      default: 'enabled',
      shown: ['read', 'search'],
      hidden: ['delete', 'purge'],
      renamed: { read: 'see', search: 'lookup' },
    });
    expect(tools({ default: 'disabled', tools: { list: true, purge: true } }, server)).toMatchObject({
      default: 'disabled',
      shown: ['list', 'purge'],
      hidden: ['read', 'search'],
    });
  });

  it('may be called anything', () => {
    const named = tools({ tools: { ['__proto__']: false, toString: { alias: 'text' } } });
    expect(named).toMatchObject({ hidden: ['__proto__'], renamed: { toString: 'text' } });
  });
});

describe('portals', () => {
  it('that the document wants gone are not there', () => {
    expect(whoCan(alice, documentOf({ portals: { tools: { absent: true } } }))).toEqual([]);
  });

  it('say that they may have servers which the document does not name', () => {
    const [portal] = whoCan(alice, documentOf({ ...base, portals: { tools: { hostname: 'h', access } } }));
    expect(portal).toMatchObject({ access: 'yes', servers_declared: false, servers: [] });
  });
});

/** Documents in which bots, their policies and their links come in every combination. */
const subset = (words: readonly string[]) => fc.subarray([...words]);
const generated = fc.record({
  portals: fc.array(
    fc.record({
      bots: subset(['a', 'b']),
      servers: subset(['one', 'two']),
      policies: subset(['people', 'any', 'just-a', 'service-token-b']),
    }),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  servers: fc.record({ one: subset(['people', 'any', 'just-a']), two: subset(['people', 'just-a', 'service-token-b']) }),
  oauth: fc.boolean(),
  says: fc.constantFrom(undefined, true, false),
});

describe('what service_tokens stands for', () => {
  it('is here as in a plan', () => {
    fc.assert(
      fc.property(generated, ({ portals, servers, oauth, says }) => {
        const link = says === undefined ? {} : { on_behalf: says };
        const document = {
          version: 1,
          service_tokens: { a: { name: 'token-a' }, b: {} },
          policies: {
            people: { decision: 'allow', include: [{ email: 'x@example.com' }, { service_token: 'a' }] },
            any: { decision: 'non_identity', include: [{ any_valid_service_token: true }] },
            'just-a': { decision: 'service_auth', include: [{ service_token: ['token-a'] }] },
            'service-token-b': { decision: 'service_auth', include: [{ service_token: 'b' }] },
          },
          servers: Object.fromEntries(
            Object.entries(servers).map(([key, policies]) => [
              key,
              { url: `https://${key}.example.com/mcp`, auth: oauth ? 'oauth' : 'none', access: { policies } },
            ]),
          ),
          portals: Object.fromEntries(
            portals.map((portal, index) => [
              `p${index}`,
              {
                hostname: `p${index}.example.com`,
                servers: Object.fromEntries(portal.servers.map((key) => [key, link])),
                access: { policies: portal.policies },
                service_tokens: portal.bots,
              },
            ]),
          ),
        };
        const { desired } = runSandbox().load(JSON.stringify(document));
        const stated = (kind: string, key: string) => desired.find((one) => one.kind === kind && one.key === key)?.state;
        const here = documentOf(document);
        const bots = botsByServer(here);
        for (const [key, portal] of here.portals) {
          expect(portalPolicies(portal, here)).toEqual(memberOf(stated('portal_app', key)?.['access'], 'policies'));
          const links = stated('portal', key)?.['servers'];
          for (const [server, settled] of Object.entries(isPlain(links) ? links : {})) {
            const said = memberOf(settled, 'on_behalf');
            const seen = botSees(memberOf(portal['servers'], server), { portal, server: here.servers.get(server) ?? {} });
            const planned = said === 'unless-oauth' ? !oauth : said === undefined ? (oauth ? false : undefined) : said === false;
            expect(seen).toBe(planned);
          }
        }
        for (const [key, server] of here.servers)
          expect(serverPolicies(server, bots.get(key) ?? [], here)).toEqual(
            memberOf(stated('server_app', key)?.['access'], 'policies'),
          );
      }),
      { numRuns: 60 },
    );
  });
});
