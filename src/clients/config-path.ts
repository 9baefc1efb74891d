import { posix, win32 } from 'node:path';

export type Scope = 'user' | 'project';

/**
 * Where a client keeps its servers. A user's path starts with `{home}`, with `{config}` (XDG's folder), or
 * with `{apps}`, which is where each system has the data of applications; separators are `/`.
 */
export type ConfigFile = {
  readonly user?: string;
  /** Where macOS or Windows differ. */
  readonly darwin?: string;
  readonly win32?: string;
  /** A variable that names the folder instead, and the file in it. */
  readonly moved?: { readonly variable: string; readonly file: string };
  /** Relative to the project's folder. */
  readonly project?: string;
};

export type Machine = {
  /** As `process.platform` says it. */
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

/**
 * The absolute path of a client's file. A client that has only one scope is given that one. Undefined where
 * nothing says which folder is the user's.
 */
export function configPath(file: ConfigFile, scope: Scope, machine: Machine): string | undefined {
  const { join } = pathOf(machine);
  if (file.project !== undefined && (scope === 'project' || file.user === undefined)) return join(machine.cwd, file.project);
  const { moved } = file;
  const folder = moved === undefined ? undefined : folderIn(machine, moved.variable);
  if (moved !== undefined && folder !== undefined) return join(folder, moved.file);
  const own = { darwin: file.darwin, win32: file.win32 }[machine.platform] ?? file.user ?? '';
  const [, base = '', rest = ''] = /^\{(\w+)\}(.*)$/.exec(own) ?? [];
  const start = baseFolder(base, machine);
  return start === undefined ? undefined : join(start, rest);
}

/** The path as messages show it: the home folder as `~`. */
export function shownPath(path: string, machine: Machine): string {
  const home = homeFolder(machine);
  return home !== undefined && path.startsWith(`${home}${pathOf(machine).sep}`) ? `~${path.slice(home.length)}` : path;
}

const pathOf = ({ platform }: Machine) => (platform === 'win32' ? win32 : posix);

function baseFolder(base: string, machine: Machine): string | undefined {
  const home = homeFolder(machine);
  const below = (path: string): string | undefined => (home === undefined ? undefined : `${home}/${path}`);
  const config = folderIn(machine, 'XDG_CONFIG_HOME') ?? below('.config');
  if (base === 'config') return config;
  if (base !== 'apps') return home;
  if (machine.platform === 'darwin') return below('Library/Application Support');
  return machine.platform === 'win32' ? (folderIn(machine, 'APPDATA') ?? below('AppData/Roaming')) : config;
}

const homeFolder = (machine: Machine): string | undefined =>
  machine.platform === 'win32'
    ? (folderIn(machine, 'USERPROFILE') ?? folderIn(machine, 'HOME'))
    : (folderIn(machine, 'HOME') ?? folderIn(machine, 'USERPROFILE'));

/** A relative folder in such a variable means nothing in particular, and XDG says to ignore it. */
function folderIn(machine: Machine, variable: string): string | undefined {
  const folder = machine.env[variable];
  return folder !== undefined && pathOf(machine).isAbsolute(folder) ? folder.replace(/(?<=.)[/\\]$/, '') : undefined;
}
