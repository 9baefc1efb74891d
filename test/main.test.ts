import { describe, expect, it } from 'vitest';
import { run } from '../src/main.ts';
import { fakeWorld, type FakeWorldOptions } from './fake-world.ts';

async function mcpPortal(line: string, options: FakeWorldOptions = {}) {
  const { world, stdout, stderr } = fakeWorld(options);
  const code = await run(line.split(' ').filter(Boolean), world);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe('help and version', () => {
  it.each(['', '--help', '-h', 'help'])('"%s" prints the help of the program', async (line) => {
    const { code, stdout, stderr } = await mcpPortal(line);
    expect(stdout).toContain('Usage: mcp-portal COMMAND');
    expect(stdout).toContain('--detailed-exitcode');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each(['plan --help', 'help plan', 'diff -h', '-f a.yaml plan --prune -h'])('"%s" prints the help of plan', async (line) => {
    const { code, stdout } = await mcpPortal(line);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: mcp-portal plan \[options\]/);
  });

  it.each(['--version', '-V'])('%s prints the version alone', async (line) => {
    expect(await mcpPortal(line)).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('a command line that cannot be understood', () => {
  it.each([
    ['plna', "unknown command 'plna'", 'Did you mean plan?'],
    ['plan --prun', "unknown option '--prun'", 'Did you mean --prune?'],
    ['plan --acount x', "unknown option '--acount'", 'Did you mean --account?'],
    ['--jsno plan', "unknown option '--jsno'", 'Did you mean --json?'],
    ['plan extra', "too many arguments for 'plan'", '--help'],
    ['plan -o xml', '--output must be one of text, json, markdown, not "xml"', ''],
    ['plan --color maybe', '--color must be one of auto, always, never, not "maybe"', ''],
    ['plan --concurrency 0', '--concurrency must be a whole number, 1 or more, not "0"', ''],
    ['plan --concurrency 1.5', '--concurrency must be a whole number', ''],
    ['plan --timeout abc', '--timeout must be a number of seconds above 0, not "abc"', ''],
    ['apply --wait=soon', '--wait must be a number of seconds above 0, not "soon"', ''],
    ['apply --max-deletes -1', '--max-deletes must be a whole number, 0 or more', ''],
    ['sandbox --port 70000', '--port must be a whole number, 0 to 65535', ''],
    ['plan --file', "'-f, --file <PATH>' argument missing", ''],
    ['validate -o markdown', 'validate has no markdown output', 'text and json'],
    ['-y', 'a command is missing', '--help'],
  ])('"%s" exits 64 and says what is wrong', async (line, message, hint) => {
    const { code, stdout, stderr } = await mcpPortal(line);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it.each(['plna --json', '--json plna', 'plna -o json', 'plna --output=json', '-ojson plna'])(
    '"%s" is answered with one JSON document',
    async (line) => {
      const { code, stdout, stderr } = await mcpPortal(line);
      expect({ code, stderr }).toEqual({ code: 64, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({
        schema_version: 1,
        ok: false,
        error: { code: 'usage_error', message: "unknown command 'plna'", hint: 'Did you mean plan?' },
      });
    },
  );
});

describe('a document with errors', () => {
  const files = { 'portal.yaml': 'version: 1\nservres: {}\n' };

  it('exits 64 and shows the line', async () => {
    const { code, stdout, stderr } = await mcpPortal('validate', { files });
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('portal.yaml:2:1:');
    expect(stderr).toContain('2 | servres: {}');
  });

  it('is one JSON document with path and line', async () => {
    const { code, stdout } = await mcpPortal('validate --json', { files });
    expect(code).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      ok: false,
      error: { code: 'invalid_document', path: 'servres', line: 2 },
      diagnostics: [{ severity: 'error', line: 2 }],
    });
  });
});

describe('files that are not there', () => {
  it('exits 64 for a document', async () => {
    const { code, stderr } = await mcpPortal('validate -f missing.yaml');
    expect(code).toBe(64);
    expect(stderr).toContain('missing.yaml');
  });

  it('exits 64 for --env-file', async () => {
    const { code, stderr } = await mcpPortal('validate --env-file missing.env');
    expect(code).toBe(64);
    expect(stderr).toContain('missing.env');
  });
});

it('--env-file fills in what the environment does not say', async () => {
  const files = {
    'portal.yaml': 'version: 1\naccount: ${ONE}\nservers:\n  a: { url: "https://${TWO}/mcp" }\n',
    'some.env': 'ONE=from-file\nTWO=two.example.com\n',
  };
  const without = await mcpPortal('validate', { files });
  expect(without.code).toBe(64);
  const { code, stderr } = await mcpPortal('validate --env-file some.env', { files });
  expect({ code, stderr }).toMatchObject({ code: 0 });
});
