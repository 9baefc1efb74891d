import { lists, type Catalogue, type Item } from './items.ts';
import type { Lock, LockedServer } from './lock.ts';

const head = `# What mcp-portal lock accepted of each server: the names of its tools and prompts, and SHA-256 digests of what
# clients are told of them. Written by mcp-portal lock --accept; keep it in version control beside the document.
# mcp-portal lock --check tells what is new, gone or changed.
`;

/** The lock file's text: servers and names in order, one fact per line, so that a review sees what moved. */
export function lockText({ servers }: Lock): string {
  const ids = [...servers.keys()].toSorted();
  const blocks = ids.map((id) => serverBlock(id, servers.get(id)));
  return `${head}version: 1\nservers:${blocks.length === 0 ? ' {}' : ''}\n${blocks.join('')}`;
}

function serverBlock(id: string, server: LockedServer | undefined): string {
  if (server === undefined) return '';
  return `  ${keyText(id)}:\n    accepted: ${quoted(server.accepted)}\n${lists.map((list) => listBlock(list, server)).join('')}`;
}

function listBlock(list: keyof Catalogue, server: Catalogue): string {
  const items = server[list].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return items.length === 0 ? '' : `    ${list}:\n${items.map(itemBlock).join('')}`;
}

function itemBlock({ name, text, readOnly, schema, description, annotations, size, textSize }: Item): string {
  const facts = [
    ...(text === '' ? [] : [`text: ${quoted(text)}`]),
    ...(readOnly ? ['read_only: true'] : []),
    ...Object.entries({ description, schema, annotations }).flatMap(([part, digest]) =>
      digest === undefined ? [] : [`${part}: '${digest}'`],
    ),
    `size: ${size}`,
    ...(textSize === 0 ? [] : [`text_size: ${textSize}`]),
  ];
  return `      ${keyText(name)}:\n${facts.map((fact) => `        ${fact}\n`).join('')}`;
}

/** Names that YAML could take for something else are quoted; control characters are escaped. */
function keyText(name: string): string {
  if (/^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w-]*$/i.test(name)) return name;
  return /["\\\p{C}]/u.test(name) ? JSON.stringify(name) : `"${name}"`;
}

/** One line of harmless text: only the quote has to be doubled. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
