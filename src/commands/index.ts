import type { CommandGroup } from '../cli/command.ts';
import { accessCommands } from './table/access.ts';
import { callCommand } from './table/call.ts';
import { clientCommands } from './table/clients.ts';
import { completionCommands } from './table/completion.ts';
import { dnsCommands } from './table/dns.ts';
import { doctorCommands } from './table/doctor.ts';
import { documentCommands } from './table/documents.ts';
import { exposureCommands } from './table/exposure.ts';
import { freezeCommands } from './table/freeze.ts';
import { guardCommands } from './table/guard.ts';
import { initCommands } from './table/init.ts';
import { keygenCommands } from './table/keygen.ts';
import { mcpCommand } from './table/mcp.ts';
import { portalCommands } from './table/portals.ts';
import { sandboxCommands } from './table/sandbox.ts';
import { serverCommands } from './table/servers.ts';
import { serviceTokenCommands } from './table/service-tokens.ts';
import { syncServer } from './table/sync.ts';
import { tunnelCommands } from './table/tunnels.ts';
import { verifyCommand } from './table/verify.ts';

/** Every command, in the order of the help. Adding one is an entry in a group and a file beside this one. */
export const commandGroups: readonly CommandGroup[] = [
  initCommands,
  documentCommands,
  { ...serverCommands, commands: [...serverCommands.commands, syncServer] },
  portalCommands,
  serviceTokenCommands,
  freezeCommands,
  dnsCommands,
  tunnelCommands,
  clientCommands,
  exposureCommands,
  accessCommands,
  { ...doctorCommands, commands: [...doctorCommands.commands, verifyCommand] },
  guardCommands,
  keygenCommands,
  sandboxCommands,
  { title: 'For programs', commands: [mcpCommand, callCommand] },
  completionCommands,
];
