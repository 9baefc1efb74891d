import { build } from 'esbuild';

/**
 * The version and the help, from the commands table. The commands' own code is left out: their
 * `load` functions are never called here.
 */
export async function helpTexts() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { programHelp } from './src/cli/help.ts';
        export { commandGroups } from './src/commands/index.ts';
        export { version } from './src/version.ts';`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    plugins: [withoutCommands],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const [{ text }] = outputFiles;
  const { programHelp, commandGroups, version } = await import(
    `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
  );
  return { help: programHelp(commandGroups, version), version: `${version}\n` };
}

const withoutCommands = {
  name: 'without-commands',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};
