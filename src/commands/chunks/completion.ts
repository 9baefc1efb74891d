// What shells call at each press of a key: one small chunk. A document is read only where names are asked for.
export * as complete from '../complete.ts';
export * as completion from '../completion.ts';
