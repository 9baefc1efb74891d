import { accountRoutes } from './accounts.ts';
import { applicationRoutes } from './applications.ts';
import { dnsRoutes } from './dns.ts';
import { groupRoutes } from './groups.ts';
import { kvRoutes } from './kv.ts';
import { organizationRoutes } from './organizations.ts';
import { policyRoutes } from './policies.ts';
import { portalRoutes } from './portals.ts';
import type { Route } from './route.ts';
import { serverRoutes } from './servers.ts';
import { serviceTokenRoutes } from './service-tokens.ts';
import { tunnelRoutes } from './tunnels.ts';
import { workerRoutingRoutes } from './worker-routing.ts';
import { workerVersionRoutes } from './worker-versions.ts';
import { workerRoutes } from './workers.ts';
import { zoneRoutes } from './zones.ts';

/** Everything that the simulated account answers: one file per resource group, one line each. */
export const routeModules: readonly (readonly Route[])[] = [
  serverRoutes,
  portalRoutes,
  applicationRoutes,
  policyRoutes,
  groupRoutes,
  serviceTokenRoutes,
  organizationRoutes,
  dnsRoutes,
  zoneRoutes,
  tunnelRoutes,
  kvRoutes,
  workerRoutes,
  workerRoutingRoutes,
  workerVersionRoutes,
  accountRoutes,
];
