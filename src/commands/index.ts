import type { CommandGroup } from '../cli/command.ts';
import { documentCommands } from './table/documents.ts';
import { sandboxCommands } from './table/sandbox.ts';

/** Every command, in the order of the help. Adding one is an entry in a group and a file beside this one. */
export const commandGroups: readonly CommandGroup[] = [documentCommands, sandboxCommands];
