import { describe, expect, it } from 'vitest';
import { load } from '../../src/load-spec.ts';
import { kinds } from '../../src/kinds/index.ts';
import { Cancelled } from '../../src/lib/errors.ts';
import { openAccount } from '../../src/sandbox/account.ts';
import { parse } from '../../src/spec/parse.ts';
import { requestTo } from '../sandbox/api.ts';
import { runInit } from './run-init.ts';
import type { Line } from './scripted.ts';
import { transcript } from './transcript.ts';

const env = { CLOUDFLARE_API_TOKEN: 'token-0123456789' };
const portal: readonly Line[] = [
  ['set up', 'portal'],
  ['Id of the portal', ''],
  ['Name below example.com', ''],
  ['DNS record', ''],
];
const server: readonly Line[] = [
  ['URL', 'https://notes.example.com/mcp'],
  ['Id of the server', ''],
  ['sign in', 'none'],
  ['Another', false],
];
const people: readonly Line[] = [
  ['Who may', ['email']],
  ['E-mail', 'you@example.com'],
  ['programs', false],
];
const all = [...portal, ...server, ...people];

const warningsOf = (text = ''): readonly string[] => {
  const sources = [{ name: 'portal.yaml', text }];
  return load(sources, { kinds, env: {}, parsed: sources.map(parse) }).findings.map(({ message }) => message);
};

const writesOf = (account: ReturnType<typeof openAccount>) =>
  account.requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);

describe('the wizard', () => {
  it('writes a small document with comments and applies it, after one question each', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const run = await runInit('', [...all, ['Write portal.yaml?', true], ['Apply these changes?', true]], {
      env,
      fetch: account.fetch,
    });
    expect(run).toMatchObject({ code: 0, left: [] });
    const text = run.file('portal.yaml');
    expect(text).toContain('# Who gets in.');
    expect(text).toContain('email: you@example.com');
    expect(warningsOf(text)).toEqual([]);
    expect(run.screen.split('+ server:notes')).toHaveLength(2);
    expect(run.stdout).toContain('tools: https://mcp.example.com/mcp');
    expect(account.state.portals).toHaveLength(1);
  });

  it('writes and does not apply where the changes are declined', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const run = await runInit('', [...all, ['Write', true], ['Apply', false]], { env, fetch: account.fetch });
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.file('portal.yaml')).toBeDefined();
    expect(writesOf(account)).toEqual([]);
  });

  it('keeps the file at Ctrl-C in the last question, which is about the changes', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const lines: readonly Line[] = [...all, ['Write', true], ['Apply', new Cancelled('cancelled: nothing was changed')]];
    const run = await runInit('', lines, { env, fetch: account.fetch });
    expect(run.code).toBe(130);
    expect(run.screen).toContain('Wrote portal.yaml.');
    expect(run.screen).not.toContain('Nothing was written.');
    expect(writesOf(account)).toEqual([]);
  });

  it('asks less where options have answered', async () => {
    const given =
      '--portal tools --hostname mcp.example.com --server notes=https://notes.example.com/mcp --email you@example.com --service-token ci';
    const lines: readonly Line[] = [
      ['set up', 'portal'],
      ['Id of', ''],
      ['Hostname', ''],
      ['DNS record', ''],
      ['Another', false],
      ['Write', true],
      ['Apply', false],
    ];
    const run = await runInit(`--sandbox ${given}`, lines);
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.file('portal.yaml')).toContain('service_tokens: [ci]');
  });

  it('prints the file with --dry-run, and asks nothing about writing', async () => {
    const run = await runInit('--sandbox --dry-run', all);
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.stdout).toContain('hostname: mcp.example.com');
    expect(run.file('portal.yaml')).toBeUndefined();
  });

  it('lets groups of the account and identity providers in', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const path = `/accounts/${account.accountId}/access/groups`;
    await account.fetch(
      requestTo(account, ['POST', path], { name: 'All Staff', include: [{ email_domain: { domain: 'example.com' } }] }),
    );
    const [provider] = account.state.identity_providers;
    const lines: readonly Line[] = [
      ...portal,
      ...server,
      ['Who may', ['group', 'provider']],
      ['Which groups', ['all-staff']],
      ['identity providers', [provider?.id ?? '']],
      ['programs', false],
      ['Write', true],
      ['Apply', true],
    ];
    const run = await runInit('', lines, { env, fetch: account.fetch });
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.file('portal.yaml')).toMatch(/groups:\s+all-staff:\s+name: All Staff/);
    expect(run.file('portal.yaml')).toContain(`{ group: all-staff }, { login_method: ${provider?.id} }`);
  });

  it('writes nothing where that is declined', async () => {
    const run = await runInit('--sandbox', [...all, ['Write', false]]);
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.screen).toContain('Nothing was written.');
    expect(run.file('portal.yaml')).toBeUndefined();
  });

  it.each([...all, ['Write', true] as const].map(([question], at) => [question, at]))(
    'ends with 130 and no file at "%s"',
    async (question, at) => {
      const lines: readonly Line[] = [...[...all, ['Write', true] as const].slice(0, at), [question, new Cancelled('Ctrl-C')]];
      const run = await runInit('--sandbox', lines);
      expect(run.code).toBe(130);
      expect(run.stderr).toContain('Nothing was written.');
      expect(run.file('portal.yaml')).toBeUndefined();
    },
  );

  it('refuses wrong answers in the question itself, with the rules of the document', async () => {
    const lines: readonly Line[] = [
      ['set up', 'portal'],
      ['Id of the portal', 'my_tools'],
      ['Id of the portal', 'tools'],
      ['Name below', 'https://mcp'],
      ['Name below', 'mcp'],
      ['DNS record', false],
      ['URL', 'notes'],
      ['URL', 'https://user:pass@notes.example.com/mcp'],
      ['URL', 'https://notes.example.com/mcp'],
      ['Id of the server', 'a'.repeat(33)],
      ['Id of the server', 'notes'],
      ['sign in', 'headers'],
      ['header', 'X API Key'],
      ['header', ''],
      ['secret', 'sk-live-canary-0123456789'],
      ['secret', 'env:NOTES_KEY'],
      ['Another', true],
      ['URL', 'https://wiki.example.com/mcp'],
      ['Id of the server', 'notes'],
      ['Id of the server', ''],
      ['sign in', 'oauth'],
      ['Another', false],
      ['Who may', ['email', 'domain', 'provider']],
      ['E-mail', 'you@example.com, nobody'],
      ['E-mail', 'you@example.com, they@example.com'],
      ['Domains', 'example'],
      ['Domains', '@example.org'],
      ['identity providers', []],
    ];
    const run = await runInit('--sandbox', lines);
    expect(run.left).toEqual([]);
    expect(run.refusals.map((text) => text.slice(0, 60))).toMatchInlineSnapshot(`
      [
        "an id has at most 32 characters: a-z, 0-9 and hyphens inside",
        "a bare hostname is needed, such as mcp.example.com (no https",
        "a whole URL is needed, such as https://host/mcp",
        "a user name or password does not belong in the URL: say auth",
        "an id has at most 32 characters: a-z, 0-9 and hyphens inside",
        "the key is not allowed: not a header name",
        "a reference to a secret is needed, not the secret itself: en",
        "there is a server notes already",
        ""nobody" is no e-mail address",
        ""example" is no domain, such as example.com",
      ]
    `);
    expect(run.screen + run.refusals.join('')).not.toContain('canary');
  });

  it('links servers that the account has, with their policies, and names the portal ids that are taken', async () => {
    const account = openAccount({ connect: false, zones: ['example.com', 'example.org'] });
    await runInit(
      '',
      [
        ['set up', 'portal'],
        ['Id of', ''],
        ['which zone', 'example.com'],
        ...portal.slice(2),
        ...server,
        ...people,
        ['Write', true],
        ['Apply', true],
      ],
      { env, fetch: account.fetch },
    );
    const again = await runInit(
      '',
      [
        ['set up', 'portal'],
        ['Id of the portal', 'tools'],
        ['Id of the portal', 'more'],
        ['which zone', 'example.org'],
        ['Name below example.org', ''],
        ['DNS record', true],
        ['there already', ['notes']],
        ['Another', false],
        ['Who may', ['domain']],
        ['Domains', 'example.org'],
        ['programs', false],
        ['Write', true],
        ['Apply', true],
      ],
      { env, fetch: account.fetch },
    );
    expect(again).toMatchObject({
      code: 0,
      left: [],
      refusals: ['the account has a portal tools already: start again to take it over'],
    });
    const text = again.file('portal.yaml') ?? '';
    expect(text).toContain('policies: [people, more-people]');
    expect(account.state.portals).toHaveLength(2);
  });

  it('takes over what the account has: its plan is empty', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    await runInit('', [...all, ['Write', true], ['Apply', true]], { env, fetch: account.fetch });
    const before = writesOf(account).length;
    const run = await runInit(
      '',
      [
        ['set up', 'adopt'],
        ['What goes into', ''],
        ['new portal, too', false],
        ['Write', true],
      ],
      { env, fetch: account.fetch },
    );
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.stdout).toContain('No changes.');
    expect(run.file('portal.yaml')).toContain('hostname: mcp.example.com');
    expect(writesOf(account)).toHaveLength(before);
  });

  it('needs no permission for tunnels and Workers, which portals do without', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    await runInit('', [...all, ['Write', true], ['Apply', true]], { env, fetch: account.fetch });
    const fetch = async (request: Request): Promise<Response> =>
      /\/(cfd_tunnel|workers|storage)/.test(new URL(request.url).pathname)
        ? Response.json({ success: false, errors: [{ code: 10000, message: 'Authentication error' }] }, { status: 403 })
        : account.fetch(request);
    const lines: Line[] = [
      ['set up', 'adopt'],
      ['What goes into', ''],
      ['new portal, too', false],
      ['Write', true],
    ];
    const run = await runInit('', lines, { env, fetch });
    expect(run.screen).not.toContain('Not everything could be read');
    expect(run.file('portal.yaml')).toContain('hostname: mcp.example.com');
  });

  it('goes on with a new portal where there is nothing to take over', async () => {
    const run = await runInit('--sandbox', [['set up', 'adopt'], ...all.slice(1), ['Write', true], ['Apply', false]]);
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.screen).toContain('There is nothing to take over');
  });
});

describe('the wizard beside a file', () => {
  const document = `version: 1 # mine
policies:
  people: { decision: allow, include: [{ email: user@example.com }] } # all of us
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people] } }
portals:
  tools: { hostname: tools.example.com, servers: [notes], access: { policies: [people] } }
`;
  const more: readonly Line[] = [
    ['set up', 'servers'],
    ['URL', 'https://wiki.example.com/mcp'],
    ['Id of the server', ''],
    ['sign in', 'oauth'],
    ['Another', false],
    ['programs', false],
  ];

  it('adds to it and keeps its comments; the new server is for those who use the portal', async () => {
    const run = await runInit('--sandbox', [...more, ['Write', true], ['Apply', false]], { files: { 'portal.yaml': document } });
    expect(run).toMatchObject({ code: 0, left: [] });
    const text = run.file('portal.yaml') ?? '';
    expect(text).toContain('# mine');
    expect(text).toContain('# all of us');
    expect(text).toMatch(/wiki:[^]*url: https:\/\/wiki\.example\.com\/mcp[^]*policies:\s*\[\s*people/);
    expect(text).toMatch(/servers: \[\s*notes, wiki\s*\]/);
    expect(warningsOf(text)).toEqual([]);
  });

  it('refuses where the file was changed meanwhile, and shows the answers', async () => {
    const changed = `${document}# a colleague was here\n`;
    const meanwhile = {
      question: 'Write portal.yaml?',
      work: async (world: { files: { write(path: string, text: string): Promise<void> } }) =>
        world.files.write('portal.yaml', changed),
    };
    const run = await runInit('--sandbox', [...more, ['Write', true]], { files: { 'portal.yaml': document }, meanwhile });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('portal.yaml was changed while this ran: nothing was written');
    expect(run.stderr).toContain('url: https://wiki.example.com/mcp');
    expect(run.file('portal.yaml')).toBe(changed);
  });

  it('starts with what is wrong with it', async () => {
    const run = await runInit('--sandbox', [['set up', 'portal']], { files: { 'portal.yaml': 'version: 1\nservres: {}\n' } });
    expect(run.code).toBe(64);
    expect(run.stderr).toContain('portal.yaml:2:1');
  });
});

describe('credentials', () => {
  const tokenLines: readonly Line[] = [
    ['set up', 'portal'],
    ['no Cloudflare credentials', 'token'],
    ['API token', 'token-0123456789'],
  ];

  it('are asked for where there are none, used for the run, and neither shown nor written', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const run = await runInit('', [...tokenLines, ...all.slice(1), ['Write', true], ['Apply', true]], { fetch: account.fetch });
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.screen).toContain('MCP Portals Write; Access: Apps and Policies Write');
    expect(run.screen + String(run.file('portal.yaml'))).not.toContain('token-0123456789');
    expect(account.state.portals).toHaveLength(1);
  });

  it('that lack a permission are told so by its name; the file can be written all the same', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const fetch = async (request: Request): Promise<Response> =>
      request.url.includes('/ai-controls/mcp/')
        ? Response.json(
            { success: false, errors: [{ code: 10000, message: 'Authentication error' }], messages: [], result: null },
            { status: 403 },
          )
        : account.fetch(request);
    const lines: readonly Line[] = [
      ['set up', 'portal'],
      ['missing', 'again'],
      ['missing', 'on'],
      ...all.slice(1),
      ['Write', true],
    ];
    const run = await runInit('', lines, { env, fetch });
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.screen).toContain('MCP Portals Write');
    expect(run.screen).toMatch(/There is no plan: .*403.*\nhint: Add `MCP Portals/);
    expect(run.file('portal.yaml')).toContain('mcp.example.com');
  });

  it('are not needed to write a file alone', async () => {
    const lines: readonly Line[] = [
      ['set up', 'portal'],
      ['no Cloudflare credentials', 'none'],
      ['Id of the portal', ''],
      ['Hostname', 'mcp.example.com'],
      ...all.slice(3),
      ['Write', true],
    ];
    const run = await runInit('', lines);
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.screen).toContain('Next: mcp-portal plan, then mcp-portal apply.');
  });

  it('that see several accounts leave the choice, and the document names it', async () => {
    const account = openAccount({ connect: false, zones: ['example.com'] });
    const fetch = async (request: Request): Promise<Response> => {
      const response = await account.fetch(request);
      if (!/\/accounts\?/.test(request.url)) return response;
      const answer = JSON.parse(await response.text());
      const result = [...answer.result, { id: 'f'.repeat(32), name: 'Other' }];
      return Response.json({ ...answer, result, result_info: { ...answer.result_info, total_count: 2, count: 2 } });
    };
    const run = await runInit(
      '',
      [['set up', 'portal'], ['Which account', account.accountId], ...all.slice(1), ['Write', true], ['Apply', true]],
      { env, fetch },
    );
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.file('portal.yaml')).toContain(`account: ${account.accountId}`);
  });
});

describe('a secret', () => {
  const bot: readonly Line[] = [
    ...all.slice(0, -1),
    ['programs', true],
    ['Name of the service token', ''],
    ['Where does its secret go', 'somewhere'],
    ['Where does its secret go', ''],
  ];

  it('of a new service token gets a place, which git is told to ignore', async () => {
    const run = await runInit('--sandbox', [...bot, ['.gitignore', true], ['Write', true], ['Apply', true]], {
      files: { '.git': '', '.gitignore': 'dist' },
    });
    expect(run).toMatchObject({ code: 0, left: [] });
    expect(run.file('.gitignore')).toBe('dist\n.env\n');
    expect(run.file('.env')).toContain('CF_ACCESS_CLIENT_SECRET=');
    expect(run.refusals).toHaveLength(1);
  });

  it('asks for no .gitignore where git ignores it already', async () => {
    const run = await runInit('--sandbox', [...bot, ['Write', true], ['Apply', false]], {
      files: { '.git': '', '.gitignore': '/.env\n' },
    });
    expect(run).toMatchObject({ code: 0, left: [] });
  });
});

it('has a transcript that ends with a portal and shows no secret', async () => {
  const text = await transcript();
  expect(text).toMatch(/^✔ Where is the secret\? env:DOCS_TOKEN$/m);
  expect(text).toMatch(/\ntools: https:\/\/mcp\.example\.com\/mcp$/);
  expect(text).not.toContain('only-for-the-simulator');
});
