// The commands that plan and change, in one chunk: they share nearly all of their code, and
// a process that starts loads few large files faster than many small ones.
export * as apply from '../apply.ts';
export * as destroy from '../destroy.ts';
export * as drift from '../drift.ts';
export * as exporting from '../export.ts';
export * as plan from '../plan.ts';
