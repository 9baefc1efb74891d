import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The start of a declaration at the top level, as these files are written. */
const start = /^(?:export )?(?:async )?(?:function\*?|const|let|var|class) ([\w$]+)/;

/** The top-level parts of a module: declarations by name, and the rest. */
function partsOf(code) {
  const parts = code.split(/^(?=(?:async )?(?:function\*?|const|let|var|class) |\/\/#|\/\*\*|import |export )/m);
  return parts.map((text) => ({ name: start.exec(text)?.[1], text: text.trimEnd() }));
}

/**
 * A bundler has told helpers of one name apart by numbers, which differ between the copies: each gets a name that
 * follows from what it says, and of those that say the same one stays.
 */
function renumbered(code) {
  const numbered = new Map(
    partsOf(code).flatMap(({ name = '', text }) => {
      const [, base] = /^(.+)\$\d+$/.exec(name) ?? [];
      const hash = createHash('sha256').update(text.replaceAll(name, '')).digest('hex').slice(0, 8);
      return base === undefined ? [] : [[name, `${base}$${hash}`]];
    }),
  );
  const parts = partsOf(code.replace(/[A-Za-z_$][\w$]*/g, (word) => numbered.get(word) ?? word));
  const names = new Set(numbered.values());
  return parts.filter(({ name }, at) => !names.has(name) || parts.findIndex((one) => one.name === name) === at);
}

const asides = /\/\*[^]*?\*\/|\/\/[^\n]*|(['"])(?:(?!\1)[^\\\n]|\\.)*\1/g;

/** The words of code that can be names of something outside: not those in comments, in texts, and behind a dot. */
const mentions = (text) =>
  new Set(text.replace(asides, ' ').match(/(?<![\w$.]|\.\s)[A-Za-z_$][\w$]*|(?<=\.\.\.)[A-Za-z_$][\w$]*/g));

/** The declarations that both modules have word for word, and that use nothing of their own module that differs. */
function sharedNames(own, other) {
  const textOf = new Map(other.flatMap(({ name, text }) => (name === undefined ? [] : [[name, text]])));
  const declared = new Map(own.flatMap(({ name, text }) => (name === undefined ? [] : [[name, text]])));
  const shared = new Set([...declared].filter(([name, text]) => textOf.get(name) === text).map(([name]) => name));
  for (let before = -1; before !== shared.size;) {
    before = shared.size;
    for (const name of shared) {
      const uses = [...mentions(declared.get(name))].filter((word) => declared.has(word));
      if (uses.some((word) => !shared.has(word))) shared.delete(name);
      // What is imported cannot be assigned to: whoever does so comes along, or the variable stays.
      const assigned = new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\s*(?:\\?\\?|\\|\\||[+-])?=(?!=)`);
      if (declared.get(name).startsWith('let ') && [...declared].some(([user, text]) => !shared.has(user) && assigned.test(text)))
        shared.delete(name);
    }
  }
  return shared;
}

const coreIn = async (name) => {
  const folder = dirname(fileURLToPath(import.meta.resolve(`@modelcontextprotocol/${name}`)));
  const index = await readFile(join(folder, 'index.mjs'), 'utf8');
  const [, file] = /from "\.\/(src-[\w-]+\.mjs)"/.exec(index) ?? [];
  if (file === undefined) throw new Error(`@modelcontextprotocol/${name} has no core of its own any more: see sharedCore`);
  return join(folder, file);
};

/**
 * The MCP client and the MCP server each come with a copy of the same core. What the copies have in common word for
 * word is taken from the server's, so that the bundle has it once.
 */
export const sharedCore = {
  name: 'shared-core',
  async setup(builder) {
    const [client, server] = await Promise.all([coreIn('client'), coreIn('server')]);
    const [own, other] = (await Promise.all([readFile(client, 'utf8'), readFile(server, 'utf8')])).map(renumbered);
    const shared = sharedNames(own, other);
    if (shared.size < 100)
      throw new Error(`the cores of MCP client and server share only ${shared.size} declarations: see sharedCore`);
    builder.onLoad({ filter: /[\\/]@modelcontextprotocol[\\/](client|server)[\\/]dist[\\/]src-[\w-]+\.mjs$/ }, ({ path }) => {
      if (path === server) {
        const names = [...shared].map((name) => `${name} as shared_${name.replaceAll('$', '_dollar_')}`);
        return { contents: `${other.map(({ text }) => text).join('\n')}\nexport { ${names.join(', ')} };`, loader: 'js' };
      }
      if (path !== client) return undefined;
      const rest = own.filter(({ name }) => name === undefined || !shared.has(name)).map(({ text }) => text);
      const used = new Set(rest.flatMap((text) => [...mentions(text)]));
      const names = [...shared]
        .filter((name) => used.has(name))
        .map((name) => `shared_${name.replaceAll('$', '_dollar_')} as ${name}`);
      return { contents: `import { ${names.join(', ')} } from ${JSON.stringify(server)};\n${rest.join('\n')}`, loader: 'js' };
    });
    // The validator is one file, but for the name of what it imports.
    builder.onResolve({ filter: /cfWorkerProvider-[\w-]+\.mjs$/ }, async ({ importer }) => {
      if (!/[\\/]client[\\/]dist[\\/]/.test(importer)) return undefined;
      const shims = await readFile(join(dirname(server), 'shimsWorkerd.mjs'), 'utf8');
      return { path: join(dirname(server), /cfWorkerProvider-[\w-]+\.mjs/.exec(shims)?.[0] ?? '') };
    });
  },
};
