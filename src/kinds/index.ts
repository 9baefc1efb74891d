import type { Kind } from '../engine/kind.ts';
import { application } from './application.ts';
import { dnsRecord } from './dns-record.ts';
import { group } from './group.ts';
import { kvNamespace } from './kv-namespace.ts';
import { policy } from './policy.ts';
import { portal } from './portal.ts';
import { portalApp } from './portal-app.ts';
import { server } from './server.ts';
import { serverApp } from './server-app.ts';
import { serviceToken } from './service-token.ts';
import { tunnel } from './tunnel.ts';
import { worker } from './worker.ts';

/** Every kind, in the order of dependencies: plans list them so. A new kind is a file and a line here. */
export const kinds: readonly Kind[] = [
  serviceToken,
  group,
  policy,
  tunnel,
  kvNamespace,
  worker,
  server,
  serverApp,
  portal,
  portalApp,
  application,
  dnsRecord,
];
