import type { Sample } from './samples.ts';

const origin = {
  access: { required: true, teamName: 'team', audTag: ['a'.repeat(64)] },
  caPool: '/etc/ca.pem',
  connectTimeout: 10,
  disableChunkedEncoding: true,
  http2Origin: true,
  httpHostHeader: 'app.internal',
  keepAliveConnections: 50,
  keepAliveTimeout: 60,
  matchSNItoHost: true,
  noHappyEyeballs: true,
  noTLSVerify: true,
  originServerName: 'app.internal',
  proxyType: 'socks',
  tcpKeepAlive: 15,
  tlsTimeout: 5,
};

/** Another value of each member of `origin`. */
const others = {
  caPool: '/etc/other.pem',
  connectTimeout: 20,
  disableChunkedEncoding: false,
  http2Origin: false,
  httpHostHeader: 'other.internal',
  keepAliveConnections: 10,
  keepAliveTimeout: 30,
  matchSNItoHost: false,
  noHappyEyeballs: false,
  noTLSVerify: false,
  originServerName: 'other.internal',
  proxyType: '',
  tcpKeepAlive: 30,
  tlsTimeout: 10,
};

const first = { hostname: 'a.example.com', path: '/mcp', service: 'http://a:8000', origin: { noTLSVerify: true } };

export const tunnelSample: Sample = {
  kind: 'tunnel',
  key: 'home',
  document: {
    tunnels: {
      home: { name: 'cfpb-mcp', ingress: [first, { hostname: 'b.example.com', service: 'http://b:8000' }], origin, dns: true },
    },
  },
  entry: ['tunnels', 'home'],
  mutable: [
    { at: ['ingress', 0, 'service'], to: 'https://a:8443', fields: ['ingress'] },
    { at: ['ingress', 0, 'path'], to: '/sse', fields: ['ingress'] },
    { at: ['ingress', 0, 'origin', 'noTLSVerify'], to: false, fields: ['ingress'] },
    { at: ['ingress', 0, 'origin'], to: {}, fields: ['ingress'] },
    { at: ['ingress', 1, 'origin'], to: { connectTimeout: 5 }, fields: ['ingress'] },
    { at: ['ingress', 2], to: { service: 'http_status:503' }, fields: ['ingress'] },
    { at: ['origin', 'access', 'teamName'], to: 'other', fields: ['origin.access.teamName'] },
    ...Object.entries(others).map(([member, to]) => ({ at: ['origin', member], to, fields: [`origin.${member}`] })),
    { at: ['origin'], to: {}, fields: ['origin'] },
  ],
  immutable: [],
  optional: [['ingress'], ['origin'], ['dns'], ...Object.keys(origin).map((member) => ['origin', member])],
  path: '~/cfd_tunnel/ID/configurations',
  foreign: {
    method: 'PUT',
    body: {
      config: {
        'warp-routing': { enabled: true },
        ingress: [
          { hostname: 'a.example.com', path: '/mcp', service: 'http://old:1', originRequest: { bastionMode: true } },
          { service: 'http_status:404' },
        ],
        originRequest: { proxyAddress: '127.0.0.1' },
      },
    },
    kept: {
      config: {
        'warp-routing': { enabled: true },
        ingress: [
          { hostname: 'a.example.com', path: '/mcp', originRequest: { bastionMode: true, noTLSVerify: true } },
          { hostname: 'b.example.com', service: 'http://b:8000' },
          { service: 'http_status:404' },
        ],
        originRequest: { proxyAddress: '127.0.0.1', connectTimeout: 10 },
      },
    },
  },
};
