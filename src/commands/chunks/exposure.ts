// What reads the account to show it, in one chunk; preview starts without it, to be quick offline.
export * as lock from '../lock.ts';
export * as status from '../status.ts';
