import { describe, expect, it } from 'vitest';
import { defineCommand, type CommandGroup } from '../../src/cli/command.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { UsageError } from '../../src/lib/errors.ts';

const load = async () => ({ run: async () => 0 as const });
const groups: readonly CommandGroup[] = [
  {
    title: 'Toys',
    commands: [
      defineCommand({
        name: 'make',
        aliases: ['build'],
        summary: 'make toys',
        args: [{ name: 'TOY', summary: 'which ones', required: false, many: true }],
        options: {
          wait: { type: 'seconds', value: 'SECONDS', bare: true, summary: 'wait' },
          paint: { type: 'text', value: 'COLOR', summary: 'a color' },
          part: { type: 'list', value: 'PART', summary: 'a part' },
          'no-box': { type: 'flag', summary: 'unboxed' },
          limit: { type: 'integer', value: 'N', min: 0, default: 10, summary: 'at most' },
        },
        examples: [],
        load,
      }),
      defineCommand({
        name: 'box',
        summary: 'boxes',
        options: {
          empty: { type: 'flag', summary: 'only the empty ones' },
          size: { type: 'text', value: 'SIZE', summary: 'a size' },
        },
        examples: [],
        load,
      }),
      defineCommand({
        name: 'box open',
        summary: 'open one',
        args: [{ name: 'BOX', summary: 'which', required: true }],
        options: {},
        examples: [],
        load,
      }),
      defineCommand({ name: 'shelf list', summary: 'list', options: {}, examples: [], load }),
      defineCommand({
        name: 'toy-chest lock',
        aliases: ['toy-chest close'],
        summary: 'lock it',
        options: {},
        examples: [],
        load,
      }),
      defineCommand({ name: '__count', hidden: true, summary: 'for programs', options: {}, examples: [], load }),
    ],
  },
];

function parse(line: string) {
  const parsed = parseCommandLine(line.split(' '), groups, '1.2.3');
  if (parsed.is !== 'command') throw new Error(`no command: ${parsed.text}`);
  const { command, args, options, global } = parsed;
  return { name: command.name, args, options, global };
}

function helpOf(line: string): string {
  const parsed = parseCommandLine(line.split(' '), groups, '1.2.3');
  if (parsed.is !== 'text') throw new Error(`a command: ${parsed.command.name}`);
  return parsed.text;
}

function failure(line: string): { readonly message: string; readonly hint: string | undefined; readonly exitCode: number } {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return { message: error.message, hint: error.facts.hint, exitCode: error.exitCode };
    throw error;
  }
  throw new Error(`no failure: ${line}`);
}

describe('global options', () => {
  it('stand before and after the command, and lists add up', () => {
    const { global } = parse('-f a.yaml --account one make -y -f - --account two --timeout 1.5 --json');
    expect(global).toMatchObject({
      files: ['a.yaml', '-'],
      account: 'two',
      yes: true,
      dryRun: false,
      output: 'json',
      timeoutSeconds: 1.5,
      concurrency: 8,
    });
  });

  it.each([
    ['make', undefined],
    ['make --sandbox', { stateFile: undefined }],
    ['make --sandbox robot', { stateFile: undefined }],
    ['make --sandbox state.json', { stateFile: 'state.json' }],
    ['--sandbox state.json make', { stateFile: 'state.json' }],
    ['--sandbox make', { stateFile: undefined }],
    ['--sandbox=some/state make', { stateFile: 'some/state' }],
    ['make --sandbox -y', { stateFile: undefined }],
    ['shelf list --sandbox state', { stateFile: 'state' }],
  ])('"%s" gives the sandbox %o', (line, sandbox) => {
    expect(parse(line).global.sandbox).toEqual(sandbox);
  });

  it('leaves a word after a lone --sandbox to the command', () => {
    expect(parse('make --sandbox robot').args).toEqual(['robot']);
  });
});

describe("a command's own options", () => {
  it('have their defaults', () => {
    expect(parse('make').options).toEqual({ wait: undefined, paint: undefined, part: [], 'no-box': false, limit: 10 });
  });

  it('are read as what they are declared', () => {
    const { options, args } = parse('build --wait robot --part a --part=-b --no-box --limit 0 -- --wait');
    expect(options).toEqual({ wait: true, paint: undefined, part: ['a', '-b'], 'no-box': true, limit: 0 });
    expect(args).toEqual(['robot', '--wait']);
  });

  it('take seconds only after an equals sign', () => {
    expect(parse('make --wait=30 robot')).toMatchObject({ args: ['robot'], options: { wait: 30 } });
  });
});

describe('commands of two words', () => {
  it('are told apart from the command of their first word', () => {
    expect(parse('box').name).toBe('box');
    expect(parse('-y box open big')).toMatchObject({ name: 'box open', args: ['big'], global: { yes: true } });
  });

  it('say what is missing', () => {
    expect(() => parse('box open')).toThrow("missing required argument 'BOX'");
    expect(() => parse('shelf')).toThrow('a command is missing');
    expect(() => parse('shelf lst')).toThrow("unknown command 'shelf lst'");
  });

  it('leave the command of their first word its options, and list in its help', () => {
    expect(parse('box --empty --size open').options).toEqual({ empty: true, size: 'open' });
    const help = helpOf('box --help');
    expect(help).toContain('Usage: mcp-portal box [options]');
    expect(help).toMatch(/\nCommands:\n {2}box open +open one\n/);
    expect(help).toMatch(/ --empty +only the empty ones\n/);
    expect(helpOf('box open --help')).not.toContain('Commands:');
    expect(helpOf('shelf --help')).toMatch(/\nCommands:\n {2}shelf list +list\n/);
  });

  it('may follow a global option, and refuse the options of the command of their first word', () => {
    expect(parse('box -f a.yaml open big')).toMatchObject({ name: 'box open', args: ['big'], global: { files: ['a.yaml'] } });
    expect(() => parse('box --empty open big')).toThrow("unknown option '--empty' for box open");
  });

  it.each([
    ['box opne', "unknown command 'box opne'", 'Did you mean box open?'],
    ['box opne --shiny --help', "unknown command 'box opne'", 'Did you mean box open?'],
    ['box elephant', "unknown command 'box elephant'", 'mcp-portal box --help lists its commands.'],
    ['help shelf lst', "unknown command 'shelf lst'", 'Did you mean shelf list?'],
  ])('"%s" is refused as a command', (line, message, hint) => {
    expect(failure(line)).toEqual({ message, hint, exitCode: 64 });
  });

  it('have other names', () => {
    expect(parse('toy-chest close').name).toBe('toy-chest lock');
    expect(helpOf('toy-chest lock -h')).toContain('mcp-portal toy-chest close');
  });
});

describe('underscores in a name', () => {
  it.each([
    ['toy_chest lock', 'toy-chest lock'],
    ['-y --file toy_chest toy_chest close', 'toy-chest lock'],
    ['-yf a.yaml --sandbox state.json toy_chest --account toy_chest close', 'toy-chest lock'],
    ['__count', '__count'],
  ])('"%s" runs %s', (line, name) => {
    expect(parse(line).name).toBe(name);
  });

  it('stand for dashes in help too', () => {
    expect(helpOf('help toy_chest lock')).toContain('Usage: mcp-portal toy-chest lock [options]');
    expect(helpOf('help toy_chest')).toContain('Usage: mcp-portal toy-chest COMMAND');
  });

  it('stay in values and arguments', () => {
    const { global, args, options } = parse('--account toy_chest make --paint toy_chest toy_chest -- __count');
    expect({ account: global.account, args, paint: options['paint'] }).toEqual({
      account: 'toy_chest',
      args: ['toy_chest', '__count'],
      paint: 'toy_chest',
    });
  });
});

it('a hidden command is in no help and never suggested', () => {
  expect(helpOf('--help')).not.toContain('__count');
  expect(failure('count').hint).not.toContain('__count');
});
