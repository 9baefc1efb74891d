import { beforeEach, describe, expect, it, vi } from 'vitest';
import { person } from './answers.ts';
import { cli, portal, type Cli } from './cli.ts';

vi.mock('../../src/terminal/inquirer.ts', async () => (await import('./answers.ts')).prompts);
beforeEach(() => void Object.assign(person, { answers: [], asked: [] }));

const account = { zones: ['example.com'] };
const text = `# Our portal.
version: 1

policies:
  people: { decision: allow, include: [{ email: user@example.com }] }   # everybody here

servers:
    notes:   # the first
        url: "https://notes.example.com/mcp"
        access: { policies: [people] }

portals:
    tools:
        hostname: tools.example.com
        servers: [notes]  # in order
        access: { policies: [people] }
`;
const add = 'add-server docs --url https://docs.example.com/mcp --policy people --portal tools --save';

async function applied(files: Readonly<Record<string, string>> = { 'portal.yaml': text }): Promise<Cli> {
  const user = cli({ account, files });
  const names = Object.keys(files).map((name) => `-f ${name}`);
  expect((await user.run(`apply --yes ${names.join(' ')}`)).code).toBe(0);
  return user;
}

describe('--save', () => {
  it('writes the same edit into the file, everything else in it kept', async () => {
    const user = await applied();
    const { code, stderr } = await user.run(`${add} --yes`);
    expect([code, stderr]).toEqual([0, 'Saved to portal.yaml.\n']);
    expect(user.read('portal.yaml')).toBe(
      text
        .replace(
          '\nportals:',
          '    docs:\n        url: https://docs.example.com/mcp\n        access: { policies: [people] }\n\nportals:',
        )
        .replace('[notes]', '[notes, docs]'),
    );
    expect((await user.run('plan')).stdout).toContain('No changes.');
    await user.run('remove-server docs --yes --save');
    expect(user.read('portal.yaml')).toBe(text);
    expect((await user.run('plan')).stdout).toContain('No changes.');
  });

  it.each([
    [
      'update-server notes --description Ours',
      'access: { policies: [people] }\n\n',
      'access: { policies: [people] }\n        description: Ours\n\n',
    ],
    [
      'update-portal tools --name T --no-dns',
      'hostname: tools.example.com\n        servers: [notes]  # in order\n        access: { policies: [people] }\n',
      'hostname: tools.example.com\n        servers: [notes]  # in order\n        access: { policies: [people] }\n        name: T\n        dns: false\n',
    ],
    ['detach-server tools notes', '[notes]', '[]'],
    ['attach-server tools notes', '[notes]', '[notes]'],
    [
      'create-portal more --hostname more.example.com --server notes',
      /$/,
      '    more:\n        hostname: more.example.com\n        servers: [notes]\n',
    ],
    ['remove-portal tools', /portals:[^]*/, 'portals: {}\n'],
  ])('of %s changes the lines of its entry', async (line, before, after) => {
    const user = await applied();
    expect(await user.run(`${line} --yes --save`)).toMatchObject({ code: 0 });
    expect(user.read('portal.yaml')).toBe(text.replace(before, after));
    expect((await user.run('plan')).stdout).toContain('No changes.');
  });

  it('writes no file with --dry-run, on "n", without consent, or when the change fails', async () => {
    const user = await applied();
    await user.run(`${add} --dry-run`);
    expect((await user.run(add)).code).toBe(3);
    person.answers = [false];
    expect(await user.run(add, { isTTY: true, env: { NO_COLOR: '1' } })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing was changed.'),
    });
    user.account.faults.fail({ what: 'forbidden', method: 'POST', path: /apps$/ });
    expect((await user.run(`${add} --yes`)).code).toBe(1);
    expect(user.read('portal.yaml')).toBe(text);
    // Running again completes the rest, and saves.
    expect((await user.run(`${add} --yes`)).code).toBe(0);
    expect(user.read('portal.yaml')).toContain('[notes, docs]');
  });

  it('leaves a file alone that changed meanwhile, and says so', async () => {
    const user = await applied();
    user.upstreams.set('https://docs.example.com/mcp', () => ({ is: 'ready', tools: [], prompts: [] }));
    const changed = `${text}# by somebody else\n`;
    const fetch = async (request: Request): Promise<Response> => {
      if (request.method === 'POST') user.write('portal.yaml', changed);
      return user.account.fetch(request);
    };
    const { code, json } = await user.run(`${add} --yes --json`, { fetch });
    expect([code, json.ok, json.error.message]).toEqual([
      1,
      false,
      expect.stringMatching(/^portal\.yaml was not saved: it was changed while this ran/),
    ]);
    expect(user.read('portal.yaml')).toBe(changed);
  });

  it('makes a file where there is none', async () => {
    const user = cli({ account });
    const { stderr } = await user.run(
      'add-server notes --url https://notes.example.com/mcp --auth bearer --auth-secret env:T --save --yes',
      { env: { T: 'sesame' } },
    );
    expect(stderr).toContain('Saved to portal.yaml.');
    expect(user.read('portal.yaml')).toBe(
      'version: 1\nservers:\n  notes:\n    url: https://notes.example.com/mcp\n    auth: { bearer: env:T }\n',
    );
  });

  it('takes only names that the file declares, and finds that out before anything is changed', async () => {
    const user = await applied();
    await user.send('POST', '~/access/policies', { name: 'Elsewhere', decision: 'allow', include: [{ everyone: {} }] });
    await user.send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'live',
      name: 'live',
      hostname: 'https://live.example.com/mcp',
      auth_type: 'unauthenticated',
    });
    const before = user.writes().length;
    const { code, stderr } = await user.run('add-server docs --url https://docs.example.com/mcp --policy Elsewhere --save --yes');
    expect([code, stderr]).toEqual([
      64,
      expect.stringMatching(
        /^error: --save: the policy "Elsewhere" is not in the document\nhint: declare it in the document first: mcp-portal export/m,
      ),
    ]);
    expect(await user.run('attach-server tools live --save --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('there is no server "live"'),
    });
    expect(user.writes()).toHaveLength(before);
    expect(user.read('portal.yaml')).toBe(text);
  });

  it('writes the file of several that has the entry', async () => {
    const more = 'version: 1\nservers:\n  docs: { url: https://docs.example.com/mcp, access: { policies: [people] } }\n';
    const user = await applied({ 'portal.yaml': text, 'more.yaml': more });
    const files = '-f portal.yaml -f more.yaml --yes --save';
    await user.run(`update-server notes --name Notes ${files}`);
    expect([user.read('portal.yaml'), user.read('more.yaml')]).toEqual([expect.stringContaining('name: Notes'), more]);
    await user.run(`remove-server docs ${files}`);
    expect(user.read('more.yaml')).toBe('version: 1\nservers: {}\n');
  });

  it('lists all links where the file left them alone: a list is the whole', async () => {
    const user = await applied();
    const open = text
      .replace('        servers: [notes]  # in order\n', '')
      .replace('\nportals:', '    docs: { url: https://docs.example.com/mcp, access: { policies: [people] } }\n\nportals:');
    user.write('portal.yaml', open);
    await user.run('add-server docs --yes');
    await user.run('attach-server tools docs --yes --save');
    expect(user.read('portal.yaml')).toBe(`${open}        servers: [notes, docs]\n`);
  });

  it('does not write to standard input, nor what an anchor shares', async () => {
    const user = await applied();
    const piped = await user.run(`${add} --yes -f -`, { stdin: text });
    expect([piped.code, piped.stderr]).toEqual([64, expect.stringContaining('--save cannot write to standard input')]);
    user.write('portal.yaml', portal.replace('notes: {', 'notes: &n {').replace('portals:', '  twin: *n\nportals:'));
    const shared = await user.run('update-server twin --name T --yes --save');
    expect([shared.code, shared.stderr]).toEqual([64, expect.stringContaining('servers.twin is shared through the anchor &n')]);
  });

  it('saves also where the account is already as it should be', async () => {
    const user = await applied();
    await user.run(`${add.replace(' --save', '')} --yes`);
    expect(user.read('portal.yaml')).toBe(text);
    expect(await user.run(`${add} --yes`)).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes.') });
    expect(user.read('portal.yaml')).toContain('[notes, docs]');
  });
});
