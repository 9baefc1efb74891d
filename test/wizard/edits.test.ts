import { describe, expect, it } from 'vitest';
import { adoptEdits, editsFor } from '../../src/wizard/edits.ts';
import { domainProblem, emailProblem, zoneProblem } from '../../src/wizard/answers.ts';
import { isIgnored, secretFile } from '../../src/wizard/bots.ts';

const saying =
  (document: unknown) =>
  (...path: readonly string[]): unknown =>
    path.reduce((value, key) => Object(value)[key], document);

const answers = { portal: 'tools', servers: [{ id: 'notes' }], rules: [{ email: 'a@example.com' }], policies: [] };

describe('editsFor', () => {
  it('puts people into the first policy of the portal that lets some in, not into one for bots', () => {
    const said = saying({
      policies: { robots: { decision: 'service_auth' }, staff: { decision: 'allow', include: [{ group: 'staff' }] } },
      portals: { tools: { servers: ['notes'], access: { policies: ['robots', 'staff'] } } },
      servers: { notes: { access: { policies: ['staff'] } } },
    });
    const value = { email: 'a@example.com' };
    expect(editsFor(answers, said)).toEqual([{ op: 'put-item', path: ['policies', 'staff', 'include'], fields: value, value }]);
  });

  it('takes a policy that has just these people, and leaves one alone that has others', () => {
    const said = (include: readonly unknown[]) => saying({ policies: { people: { decision: 'allow', include } } });
    const used = (include: readonly unknown[]) =>
      editsFor(answers, said(include)).flatMap((edit) => (edit.op === 'add' && edit.path[0] === 'portals' ? [edit.key] : []));
    expect(used([{ email: ['a@example.com'] }])).toEqual(['notes', 'people']);
    expect(used([{ email: 'b@example.com' }])).toEqual(['notes', 'tools-people']);
  });
});

describe('adoptEdits', () => {
  it('brings what is not there, and items of lists one by one', () => {
    const record = { type: 'A', name: 'www.example.com', content: '192.0.2.1' };
    const edits = adoptEdits(
      { servers: { a: { url: 'https://a.example.com' }, b: {} }, dns: [record] },
      saying({ servers: { b: {} } }),
    );
    expect(edits).toEqual([
      { op: 'set', path: ['servers', 'a'], value: { url: 'https://a.example.com' } },
      { op: 'put-item', path: ['dns'], fields: record, value: record },
    ]);
  });
});

describe('answers', () => {
  it.each(['a@example.com', 'a.b+c@mail.example.co.uk'])('%s is an e-mail address', (text) =>
    expect(emailProblem(text)).toBeUndefined(),
  );
  it.each(['a', 'a@b', '@example.com', 'a@example..com', 'a b@example.com', 'a@@example.com'])('%s is none', (text) =>
    expect(emailProblem(text)).toBeDefined(),
  );
  it.each(['example.com', '@example.com', 'a-b.example.co.uk'])('%s is a domain', (text) =>
    expect(domainProblem(text)).toBeUndefined(),
  );
  it.each(['example', 'https://example.com', '-a.example.com', 'a@example.com'])('%s is none', (text) =>
    expect(domainProblem(text)).toBeDefined(),
  );

  it('lie in a zone, which a name that only ends like it does not', () => {
    expect(zoneProblem('MCP.example.com', ['example.com'])).toBeUndefined();
    expect(zoneProblem('tools.me.workers.dev', ['example.com'])).toBeUndefined();
    expect(zoneProblem('notexample.com', ['example.com'])).toContain('example.com');
  });
});

describe('a file for a secret', () => {
  it('is one beside the document', () => {
    expect(['dotenv:.env', 'file:./token.json', 'file:/tmp/token', 'dotenv:../.env', 'stdout'].map(secretFile)).toEqual([
      '.env',
      'token.json',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is ignored by a line of its own', () => {
    expect(['.env', '/.env', '*.env', 'dist\n.env*'].map((text) => isIgnored(text, '.env'))).toEqual([true, true, true, true]);
    expect(['', '# .env', '!.env', 'src/.env'].map((text) => isIgnored(text, '.env'))).toEqual([false, false, false, false]);
  });
});
