import { describe, expect, it } from 'vitest';
import { defineCommand, type CommandGroup } from '../../src/cli/command.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';

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
      defineCommand({ name: 'box', summary: 'boxes', options: {}, examples: [], load }),
      defineCommand({
        name: 'box open',
        summary: 'open one',
        args: [{ name: 'BOX', summary: 'which', required: true }],
        options: {},
        examples: [],
        load,
      }),
      defineCommand({ name: 'shelf list', summary: 'list', options: {}, examples: [], load }),
    ],
  },
];

function parse(line: string) {
  const parsed = parseCommandLine(line.split(' '), groups, '1.2.3');
  if (parsed.is !== 'command') throw new Error(`no command: ${parsed.text}`);
  const { command, args, options, global } = parsed;
  return { name: command.name, args, options, global };
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
    expect(() => parse('shelf lst')).toThrow("unknown command 'lst'");
  });
});
