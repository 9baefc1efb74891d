/** Comments and texts, so that words in them are not taken for code; of texts only the quotes and what is between. */
const asides = /\/\/[^\n]*|\/\*[^]*?\*\/|`(?:[^`\\]|\\[^])*`|(['"])(?:(?!\1)[^\\\n]|\\[^])*\1/g;

/** The code without comments and texts; those that may name a module stay, because imports do that. */
const bare = (code: string): string => code.replace(asides, (aside) => (/^['"]\S+$/.test(aside) ? aside : ' '));

const statements = [
  /(?:^|[;{}\s])(?:import|export)\s*(?:type\s+)?[\w$*{][^;'"()]*?\bfrom\s*(?:'([^']+)'|"([^"]+)")/g,
  /(?:^|[;{}\s])import\s*(?:'([^']+)'|"([^"]+)")/g,
  /\bimport\s*\(\s*(?:'([^']+)'|"([^"]+)")/g,
  /\brequire\s*\(\s*(?:'([^']+)'|"([^"]+)")/g,
];

/**
 * The modules that a JavaScript text imports, read off its surface: enough to tell whether a file
 * stands alone. Where it is mistaken, the upload says so.
 */
export function importsOf(code: string): readonly string[] {
  const text = bare(code);
  return [
    ...new Set(statements.flatMap((pattern) => [...text.matchAll(pattern)].map(([, single, double]) => single ?? double ?? ''))),
  ];
}

/** What the Workers runtime brings itself. */
export const isBuiltIn = (module: string): boolean => /^(cloudflare|node):/.test(module);

/** An ES module of a Worker exports its handlers. Only code that surely has no export is called none. */
export const hasExports = (code: string): boolean =>
  /(?:^|[;}\s])export\b\s*(?:[{*]|(?:default|class|const|let|var|function|async)\b)/.test(code);
