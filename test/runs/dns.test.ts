import { describe, expect, it } from 'vitest';
import { cli, portal } from './cli.ts';

const account = { zones: ['example.com', 'example.org'] };
const added = 'dns add www.example.com CNAME example.com --proxied --yes';

describe('dns add', () => {
  it('makes one record with one write, and nothing the second time', async () => {
    const user = cli({ account });
    const first = await user.run(`${added} -o json`);
    expect(first.json).toMatchObject({
      ok: true,
      applied: [{ address: 'dns_record:www.example.com/CNAME', action: 'create', ok: true }],
    });
    const again = await user.run(added);
    expect(again.stdout).toBe('No changes. 1 resources match the document.\n');
    expect(user.writes()).toHaveLength(1);
  });

  it('takes a short name with its zone, and finds the zone of a full one', async () => {
    const user = cli({ account });
    await user.run('dns add a A 10.0.0.1 --zone example.org --yes');
    await user.run('dns add b.example.com A 10.0.0.2 --ttl 300 --yes');
    const { json } = await user.run('dns list -o json');
    expect(json.records).toMatchObject([
      { zone: 'example.com', type: 'A', name: 'b.example.com', content: '10.0.0.2', proxied: false, ttl: 300 },
      { zone: 'example.org', type: 'A', name: 'a.example.org', content: '10.0.0.1', proxied: false, ttl: 'auto' },
    ]);
  });

  it('refuses what is no record, naming what is wrong, and writes nothing', async () => {
    const user = cli({ account });
    for (const line of [
      'dns add www CNAME example.com',
      'dns add www.example.com CAME example.com',
      'dns add www.example.com A nowhere',
      'dns add www.example.com A 10.0.0.1 --ttl soon',
    ]) {
      const { code, stderr } = await user.run(`${line} --yes`);
      expect([code, stderr]).toEqual([64, expect.stringMatching(/full name|CNAME|IPv4|--ttl/)]);
      expect(stderr).not.toContain('dns[0]');
    }
    expect((await user.run('dns add www CNAME example.com --yes')).stderr).toContain('--zone');
    expect(user.writes()).toEqual([]);
  });

  it('leaves a record alone that stands in the way', async () => {
    const user = cli({ account });
    await user.run('dns add www.example.com A 10.0.0.1 --yes');
    const { code, stderr } = await user.run(added);
    expect([code, stderr]).toEqual([3, expect.stringContaining('stands in the way: A 10.0.0.1')]);
  });

  it('touches no other record of the document', async () => {
    const user = cli({
      account,
      files: { 'portal.yaml': `${portal}dns:\n  - { type: A, name: old.example.com, content: 10.0.0.9 }\n` },
    });
    await user.run(added);
    expect(user.writes()).toHaveLength(1);
  });

  it('is saved beside the records that the file has', async () => {
    const user = cli({
      account,
      files: { 'portal.yaml': 'version: 1\ndns:\n  # the office\n  - { type: A, name: old.example.com, content: 10.0.0.9 }\n' },
    });
    await user.run('dns add t.example.com TXT hello --yes --save');
    expect(user.read('portal.yaml')).toContain('  # the office\n  - { type: A, name: old.example.com, content: 10.0.0.9 }\n');
    expect((await user.run('dns --dry-run')).stdout).toContain('Plan: 1 to create');
    await user.run('dns remove t.example.com TXT --yes --save');
    expect(user.read('portal.yaml')).not.toContain('hello');
  });
});

describe('the file of a record that is written in another way', () => {
  const files = {
    'portal.yaml':
      'version: 1\ndns:\n  # the site\n  - { zone: example.com, type: CNAME, name: www, content: example.com, proxied: true }\n  - { type: TXT, name: T.example.com, content: one }\n',
  };

  it('changes its entry instead of adding a second one', async () => {
    const user = cli({ account, files });
    expect((await user.run('dns add www.example.com CNAME other.example.com --yes --save')).code).toBe(0);
    expect(user.read('portal.yaml')).toContain(
      '  # the site\n  - { zone: example.com, type: CNAME, name: www, content: other.example.com, proxied: true }\n',
    );
    expect((await user.run('validate')).code).toBe(0);
  });

  it('loses its entry with the record', async () => {
    const user = cli({ account, files });
    await user.run('dns --yes');
    await user.run('dns remove www.example.com CNAME --yes --save');
    await user.run('dns remove t --zone example.com TXT --yes --save');
    expect(user.read('portal.yaml')).toContain('dns: []');
  });
});

describe('dns remove', () => {
  it('removes the record once, and is content when it is gone', async () => {
    const user = cli({ account });
    await user.run(added);
    await user.run('dns remove www.example.com cname --yes');
    expect((await user.run('dns remove www.example.com CNAME --yes')).code).toBe(0);
    expect(user.writes()).toHaveLength(2);
  });

  it('never chooses between several', async () => {
    const user = cli({ account });
    for (const text of ['one', 'two'])
      await user.run(['dns', 'add', 'example.com', 'TXT', text, '--zone', 'example.com', '--yes']);
    expect((await user.run('dns remove example.com TXT --yes')).code).toBe(3);
    expect((await user.run('dns remove example.com TXT --content two --yes')).code).toBe(0);
    expect((await user.run('dns list -o json')).json.records).toMatchObject([{ content: 'one' }]);
  });
});

describe('dns', () => {
  it('applies the records that the document implies, and nothing else', async () => {
    const user = cli({ account, files: { 'portal.yaml': portal } });
    const { json } = await user.run('dns --yes -o json');
    expect(json.applied).toMatchObject([{ address: 'dns_record:tools.example.com/CNAME', action: 'create' }]);
    expect(user.writes()).toHaveLength(1);
  });
});

describe('dns list', () => {
  it('reads only the zones that it was asked for', async () => {
    const user = cli({ account });
    await user.run(added);
    await user.run('dns add a.example.org A 10.0.0.1 --yes');
    const { stdout } = await user.run('dns list --zone example.org');
    expect(stdout).toMatch(/^NAME +TYPE .*\na\.example\.org +A +10\.0\.0\.1/);
    expect(stdout).not.toContain('www');
  });

  it('says when a zone is not there', async () => {
    const { code, stderr } = await cli({ account }).run('dns list --zone example.net');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no zone example.net')]);
  });
});
