import type { CommandGroup } from '../cli/command.ts';
import { completionCommands } from './table/completion.ts';
import { dnsCommands } from './table/dns.ts';
import { doctorCommands } from './table/doctor.ts';
import { documentCommands } from './table/documents.ts';
import { portalCommands } from './table/portals.ts';
import { sandboxCommands } from './table/sandbox.ts';
import { serverCommands } from './table/servers.ts';

/** Every command, in the order of the help. Adding one is an entry in a group and a file beside this one. */
export const commandGroups: readonly CommandGroup[] = [documentCommands, serverCommands, portalCommands, dnsCommands, doctorCommands, sandboxCommands, completionCommands];
