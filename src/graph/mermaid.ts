import { neutral } from '../render/value.ts';
import { columns, isWarned, type Change, type Column, type Edge, type Node, type Picture } from './picture.ts';

/** Opening and closing brackets, which give a node its shape. */
const shapes: Readonly<Record<Column, readonly [string, string]>> = {
  who: ['([', '])'],
  group: ['[[', ']]'],
  policy: ['{{', '}}'],
  portal: ['[', ']'],
  server: ['[', ']'],
  origin: ['[(', ')]'],
};
const colors: Readonly<Record<Change, string>> = { added: '#1a7f37', removed: '#cf222e', changed: '#9a6700' };

/** A sign, as elsewhere, would make a list of the label. */
const words: Readonly<Record<Change, string>> = { added: 'new', removed: 'gone', changed: 'changed' };

/** A Mermaid flowchart. Whatever a name holds stays text: see `label`. */
export function mermaid({ nodes, edges }: Picture): string {
  const sorted = columns.flatMap((column) => nodes.filter((node) => node.column === column));
  const names = new Map(sorted.map(({ id }, index) => [id, `n${index}`]));
  const changed = [...edges.entries()].flatMap(([index, { change }]) => (change === undefined ? [] : [linkStyle(index, change)]));
  return [
    'flowchart LR',
    ...sorted.map((node) => `  ${names.get(node.id)}${nodeText(node)}`),
    ...edges.map((edge) => `  ${edgeText(edge, names)}`),
    ...changed,
    ...classes(sorted, names),
    '',
  ].join('\n');
}

function nodeText({ column, sort, name, notes, marks, change }: Node): string {
  const [open, close] = shapes[column];
  const lines = [
    change === undefined ? sort : `${words[change]}: ${sort}`,
    ...(name === '' ? [] : [name]),
    ...notes,
    ...marks.map((mark) => `! ${mark}`),
  ];
  return `${open}"${lines.map(label).join('<br/>')}"${close}`;
}

function edgeText({ from, to, label: said, dotted, change }: Edge, names: ReadonlyMap<string, string>): string {
  const arrow = dotted ? '-.->' : '-->';
  const text = [...(change === undefined ? [] : [words[change]]), ...(said === '' ? [] : [said])].join(' ');
  return `${names.get(from)} ${arrow}${text === '' ? '' : `|"${label(text)}"|`} ${names.get(to)}`;
}

const longest = 60;

/** Text that Mermaid takes as it is: everything but plain letters and digits as a character code. */
function label(text: string): string {
  const shown = Array.from(neutral(text));
  const cut = shown.length > longest ? [...shown.slice(0, longest - 1), '…'] : shown;
  return cut.map((character) => (/[\p{L}\p{N} ._,+-]/u.test(character) ? character : `#${character.codePointAt(0)};`)).join('');
}

const linkStyle = (index: number, change: Change): string =>
  `  linkStyle ${index} stroke:${colors[change]},stroke-width:3px${change === 'removed' ? ',stroke-dasharray:4' : ''}`;

function classes(nodes: readonly Node[], names: ReadonlyMap<string, string>): readonly string[] {
  const groups = [
    ...Object.entries(colors).map(([change, color]) => ({
      name: change,
      style: `stroke:${color},stroke-width:3px`,
      has: (node: Node) => node.change === change,
    })),
    {
      name: 'warned',
      style: 'stroke:#cf222e,stroke-dasharray:4',
      has: (node: Node) => node.change === undefined && isWarned(node),
    },
  ];
  return groups.flatMap(({ name, style, has }) => {
    const members = nodes.filter(has).map(({ id }) => names.get(id));
    return members.length === 0 ? [] : [`  classDef ${name} ${style}`, `  class ${members.join(',')} ${name}`];
  });
}
