import { describe, expect, it, vi } from 'vitest';
import { auditLine, type AuditEntry } from '../../src/guard/audit-line.ts';
import { auditSink } from '../../src/guard/audit-sink.ts';
import { sha256 } from '../../src/guard/digest.ts';
import { knownKey } from '../../src/guard/keys.ts';
import { redacted } from '../../src/guard/redact.ts';

const entry: AuditEntry = {
  time: new Date('2026-01-02T03:04:05.678Z'),
  key: knownKey(sha256('dev-abc123')),
  httpMethod: 'POST',
  path: '/mcp/messages',
  rpc: { method: 'tools/call', tool: 'search', cost: 1, arguments: { query: 'loans', password: 'hunter2' } },
  status: 200,
  durationMs: 12.345,
  bytesIn: 10,
  bytesOut: 20,
  ray: '8f0-FRA',
  client: '203.0.113.7',
  reason: undefined,
};

describe('an audit line', () => {
  it('says who called what, how it ended, and never the key', () => {
    const line = auditLine(entry);
    expect(line.endsWith('}\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/\n|dev-abc123|loans/);
    expect(JSON.parse(line)).toEqual({
      time: '2026-01-02T03:04:05.678Z',
      event: 'mcp_request',
      key: 'b8e8ab51',
      http_method: 'POST',
      endpoint: '/mcp/messages',
      rpc_method: 'tools/call',
      tool: 'search',
      status: 200,
      duration_ms: 12.3,
      bytes: 20,
      request_bytes: 10,
      ray: '8f0-FRA',
      client: '203.0.113.7',
    });
  });

  it('shows arguments where that is asked for, without secrets', () => {
    expect(JSON.parse(auditLine({ ...entry, secrets: ['loans'] })).arguments).toEqual({
      query: '(secret)',
      password: '(secret)',
    });
  });

  it('stays one short line whatever the caller sends', () => {
    const long = 'x\n'.repeat(5_000);
    const rpc = { method: long, tool: long, cost: 1, arguments: undefined };
    const line = auditLine({ ...entry, key: undefined, path: long, rpc, ray: long, client: long });
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(line.length).toBeLessThan(2_000);
    expect(JSON.parse(line).key).toBe('none');
  });
});

describe('arguments', () => {
  it('lose what looks like a secret, also inside texts', () => {
    const token = `ghp_${'a1'.repeat(18)}`;
    const value = {
      api_key: 'x',
      nested: { Authorization: ['y'] },
      note: `use ${token}`,
      id: 'a'.repeat(64),
      n: 1,
      on: true,
      no: null,
    };
    const shown = redacted(value, []);
    expect(shown).toEqual({
      api_key: '(secret)',
      nested: { Authorization: '(secret)' },
      note: expect.not.stringContaining('ghp_'),
      id: '(secret)',
      n: 1,
      on: true,
      no: null,
    });
  });

  it('are cut in every direction', () => {
    const deep = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`);
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, 'v'.repeat(5000)]));
    const shown = JSON.stringify(redacted({ deep, wide, list: Array.from({ length: 5000 }, () => 1) }, []));
    expect(shown.length).toBeLessThan(10_000);
    expect(shown).toContain('4980 more');
  });

  it('do not show the half of a secret at the place where they are cut', () => {
    expect(JSON.stringify(redacted(`${'.'.repeat(190)}dev-abc123`, ['dev-abc123']))).not.toContain('dev-');
  });
});

describe('the audit log', () => {
  it('writes in order, many lines at once', async () => {
    const written: string[] = [];
    const { add, flush } = auditSink(async (text) => void written.push(text), vi.fn<(message: string) => void>());
    for (const line of ['1\n', '2\n', '3\n']) add(line);
    await flush(1000);
    expect(written.join('')).toBe('1\n2\n3\n');
    expect(written.length).toBeLessThan(3);
  });

  it('that fails is told once, goes on, and marks the gap', async () => {
    const written: string[] = [];
    let full = true;
    const write = async (text: string): Promise<void> => {
      if (full) throw new Error('no space left');
      written.push(text);
    };
    const warn = vi.fn<(message: string) => void>();
    const { add, flush } = auditSink(write, warn);
    add('1\n');
    add('2\n');
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    add('3\n');
    await flush(1000);
    full = false;
    add('4\n');
    await flush(1000);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('no space left'));
    expect(written.join('')).toMatch(/^\{.*"event":"audit_lost","lines":3\}\n4\n$/);
  });

  it('that stands still takes a limited number of lines, and holds nobody up', async () => {
    const warn = vi.fn<(message: string) => void>();
    const { add, flush } = auditSink(() => new Promise(() => {}), warn);
    const line = 'x'.repeat(1024 * 1024);
    for (let at = 0; at < 20; at += 1) add(line);
    expect(warn).toHaveBeenCalledTimes(1);
    await flush(10);
  });
});
