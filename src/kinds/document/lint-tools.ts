import type { Entry, Sections } from '../../engine/kind.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import { isPattern } from '../mcp/curation.ts';
import { linkedServers } from '../mcp/bots.ts';
import { text, type LintRule, type Remark } from './lint-rule.ts';

/** What to look at in the names that clients see: `SERVER_TOOL`, with the tool's alias where it has one. */
export const toolRules: readonly LintRule[] = [
  {
    code: 'MCP018',
    section: 'servers',
    check: ({ key, value }) => badNames(memberOf(value, 'tools'), { server: key, beside: {}, path: ['tools'] }),
  },
  {
    code: 'MCP018',
    section: 'portals',
    check: (portal, document) =>
      links(portal, document).flatMap(({ server, said, beside }) =>
        badNames(said['tools'], { server, beside: rowsOf(beside['tools']), path: ['servers', server, 'tools'] }),
      ),
  },
  {
    code: 'MCP020',
    section: 'portals',
    check: (portal, document) => links(portal, document).flatMap(clashes),
  },
];

/** What a portal says about a server, and what the server says itself. */
type Link = { readonly server: string; readonly said: Plain; readonly beside: Plain };

const links = ({ value }: Entry, document: Sections): readonly Link[] =>
  linkedServers(value).flatMap((server) => {
    const said = memberOf(value['servers'], server);
    return isPlain(said) ? [{ server, said, beside: document.entry('servers', server)?.value ?? {} }] : [];
  });

const rowsOf = (rows: unknown): Plain => (isPlain(rows) ? rows : {});
const aliasIn = (row: unknown): string => text(memberOf(row, 'alias'));
const isOff = (row: unknown): boolean => row === false || memberOf(row, 'enabled') === false;

/** The protocol allows 128 characters; OpenAI's API and others that pass the names on take half of that. */
const longest = 64;

type Naming = { readonly server: string; readonly beside: Plain; readonly path: readonly string[] };

/** Names that the protocol does not allow, or that clients refuse. A tool that the server names is looked at there. */
function badNames(rows: unknown, { server, beside, path }: Naming): readonly Remark[] {
  return Object.entries(rowsOf(rows)).flatMap(([tool, row]) => {
    // A pattern is no name.
    if (isPattern(tool)) return [];
    const alias = aliasIn(row);
    if (isOff(row) || (alias === '' && memberOf(beside, tool) !== undefined)) return [];
    const name = `${server}_${alias === '' ? tool : alias}`;
    const where = ['servers', server, 'tools', tool].join('.');
    const at = [...path, tool, ...(alias === '' ? [] : ['alias'])];
    const hint = 'give it a short alias of letters, digits, - and _';
    if (!/^[\w.-]*$/.test(name))
      return [{ message: `${where}: its name has characters that are not allowed in names of tools`, hint, at }];
    if (name.length <= longest) return [];
    return [
      { message: `${where}: clients see ${name}, which has ${name.length} characters; many take at most ${longest}`, hint, at },
    ];
  });
}

/** Aliases of a link that another tool (or prompt) has by the server's own settings. */
const clashes = ({ server, said, beside }: Link): readonly Remark[] =>
  ['tools', 'prompts'].flatMap((list) => {
    const own = rowsOf(said[list]);
    const named = Object.entries(rowsOf(beside[list])).filter(
      ([name, row]) => !isOff(memberOf(own, name) ?? row) && memberOf(memberOf(own, name), 'alias') === undefined,
    );
    const owners = new Map(named.map(([name, row]) => [aliasIn(row) === '' ? name : aliasIn(row), name]));
    return Object.entries(own).flatMap(([name, row]) => {
      const alias = aliasIn(row);
      const owner = owners.get(alias);
      // One that the link itself names is an error there.
      if (isOff(row) || owner === undefined || owner === name || memberOf(own, alias) !== undefined) return [];
      return [
        {
          message: `the alias "${alias}" of ${name} is taken by ${owner}, as servers.${server}.${list} has it`,
          hint: 'give one of them another alias',
          at: ['servers', server, list, name, 'alias'],
        },
      ];
    });
  });
