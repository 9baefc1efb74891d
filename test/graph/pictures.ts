import { draw } from '../../src/graph/draw.ts';
import type { Picture } from '../../src/graph/picture.ts';
import { kinds } from '../../src/kinds/index.ts';
import { runSandbox } from '../support/run-sandbox.ts';

/** The picture of a document's text. */
export const pictureOf = (yaml: string, marks: ReadonlyMap<string, readonly string[]> = new Map()): Picture =>
  draw({ desired: runSandbox().load(yaml).desired, kinds, marks });

export const document = `version: 1
service_tokens:
  ci: {}
groups:
  staff: { include: [{ email_domain: example.com }] }
policies:
  people: { decision: allow, include: [{ group: staff }, { email: guest@example.org }], require: [{ country: NL }] }
  robots: { decision: service_auth, include: [{ service_token: ci }] }
  owners: { decision: allow, include: [{ email: owner@example.com }] }
  unused: { decision: deny, include: [{ everyone: true }] }
tunnels:
  home: { ingress: [{ hostname: wiki.example.com, service: http://wiki:8000 }] }
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people, robots] } }
  wiki: { tunnel: home, access: { policies: [people, robots, owners] }, protect: true }
  bare: { url: https://bare.example.com/mcp }
portals:
  tools:
    hostname: tools.example.com
    servers: { notes: { tools: { purge: false } }, wiki: { default: disabled, tools: { read: true } } }
    access: { policies: [people, robots] }
    service_tokens: [ci]
`;
