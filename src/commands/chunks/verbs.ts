// The verbs, in one chunk: they share nearly all of their code.
export * as addServer from '../add-server.ts';
export * as attachServer from '../attach-server.ts';
export * as createPortal from '../create-portal.ts';
export * as detachServer from '../detach-server.ts';
export * as dns from '../dns.ts';
export * as dnsAdd from '../dns-add.ts';
export * as dnsList from '../dns-list.ts';
export * as dnsRemove from '../dns-remove.ts';
export * as removePortal from '../remove-portal.ts';
export * as removeServer from '../remove-server.ts';
export * as updatePortal from '../update-portal.ts';
export * as updateServer from '../update-server.ts';
