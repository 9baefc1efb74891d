import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const completionOptions = {} as const satisfies OptionSpecs;

export const completionCommands: CommandGroup = {
  title: 'Shell',
  commands: [
    defineCommand({
      name: 'completion',
      summary: 'print a script that lets a shell complete command lines',
      description: [
        'Prints a script for bash, zsh or fish. It completes commands, options and their values, and the',
        "names of the document's servers, portals, service tokens and other resources, read offline.",
        '',
        '  bash  in ~/.bashrc: eval "$(mcp-portal completion bash)"',
        '  zsh   in ~/.zshrc, after compinit: eval "$(mcp-portal completion zsh)"',
        '  fish  once: mcp-portal completion fish > ~/.config/fish/completions/mcp-portal.fish',
      ].join('\n'),
      args: [{ name: 'SHELL', summary: 'bash, zsh or fish', required: true, choices: ['bash', 'zsh', 'fish'] }],
      options: completionOptions,
      formats: ['text'],
      examples: ['mcp-portal completion bash', 'mcp-portal completion fish > ~/.config/fish/completions/mcp-portal.fish'],
      load: async () => (await import('../chunks/completion.ts')).completion,
    }),
    defineCommand({
      name: '__complete',
      hidden: true,
      summary: 'print what may stand at the end of a command line, for the scripts of completion',
      args: [{ name: 'WORD', summary: 'the words after the program, behind --', required: false, many: true }],
      options: completionOptions,
      formats: ['text'],
      examples: ["mcp-portal __complete -- sync-server ''"],
      load: async () => (await import('../chunks/completion.ts')).complete,
    }),
  ],
};
