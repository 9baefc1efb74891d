// What is about tunnels, in one chunk.
export * as tunnelCompose from '../tunnel-compose.ts';
export * as tunnelList from '../tunnel-list.ts';
export * as tunnelToken from '../tunnel-token.ts';
