import { describe, expect, it } from 'vitest';
import { canonicalAddress, canonicalCidr, canonicalHostname, looksPrivate, sameUrl } from '../../src/kinds/document/network.ts';

describe('canonicalHostname', () => {
  it.each([
    ['MCP.Example.COM', 'mcp.example.com'],
    ['mcp.example.com.', 'mcp.example.com'],
    ['Bücher.Example.com', 'xn--bcher-kva.example.com'],
    ['xn--bcher-kva.example.com', 'xn--bcher-kva.example.com'],
    ['*.Example.com', '*.example.com'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['_dmarc.Example.com', '_dmarc.example.com'],
    ['_sip._tcp.example.com.', '_sip._tcp.example.com'],
    ['2024.example.com', '2024.example.com'],
    ['*', '*'],
    [' mcp.example.com ', 'mcp.example.com'],
    ['not a name', 'not a name'],
  ])('spells %s as %s', (written, canonical) => {
    expect(canonicalHostname(written)).toBe(canonical);
  });
});

describe('canonicalCidr', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['10.20.30.40/9', '10.0.0.0/9'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1/128'],
    ['2001:db8::ffff/32', '2001:db8::/32'],
    ['2001:db8:aaaa:bbbb::/49', '2001:db8:aaaa:8000::/49'],
    ['::/0', '::/0'],
    ['not an address', 'not an address'],
  ])('spells %s as %s', (written, canonical) => {
    expect(canonicalCidr(written)).toBe(canonical);
  });

  it('gives the same text when it is used twice', () => {
    for (const text of ['203.0.113.7/24', '2001:DB8::1', '::ffff:192.0.2.1'])
      expect(canonicalCidr(canonicalCidr(text))).toBe(canonicalCidr(text));
  });
});

it('shortens IPv6 addresses and leaves others alone', () => {
  expect(canonicalAddress('2001:0DB8:0000::0001')).toBe('2001:db8::1');
  expect(canonicalAddress('192.0.2.1')).toBe('192.0.2.1');
  expect(canonicalAddress('example.com')).toBe('example.com');
});

it('compares URLs parsed', () => {
  expect(sameUrl('https://Example.com', 'https://example.com/')).toBe(true);
  expect(sameUrl('https://example.com:443/mcp', 'https://example.com/mcp')).toBe(true);
  expect(sameUrl('https://example.com/mcp', 'https://example.com/mcp/')).toBe(false);
  expect(sameUrl('nothing', 'nothing')).toBe(true);
});

describe('looksPrivate', () => {
  it.each([
    'localhost',
    'server',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '169.254.1.1',
    '[::1]',
    '[fd00::1]',
    '[fe80::1]',
    'nas.local',
    'git.internal',
  ])('says so of %s', (host) => {
    expect(looksPrivate(host)).toBe(true);
  });
  it.each(['example.com', '172.32.0.1', '8.8.8.8', '[2001:db8::1]', 'internal.example.com'])('does not say so of %s', (host) => {
    expect(looksPrivate(host)).toBe(false);
  });
});
