/** The process environment, or what stands for it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A `${…}` that has no value. */
export type BadVariable = { readonly is: 'missing'; readonly name: string } | { readonly is: 'malformed'; readonly text: string };

export type Interpolated = { readonly text: string; readonly bad: readonly BadVariable[] };

// `$${`, or from `${` to the first `}`; a `${` inside a default is not read.
const marker = /\$\$\{|\$\{[^}]*\}?/g;
const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:(?!\$\{)[^}])*))?\}$/;

/**
 * Replaces `${VAR}` and `${VAR:-default}`; `$${` stands for a literal `${`. As in a shell, the default
 * counts for an unset and for an empty variable. What has no value stays as it is written.
 */
export function interpolate(text: string, env: Env): Interpolated {
  if (!text.includes('${')) return { text, bad: [] };
  const bad: BadVariable[] = [];
  const replaced = text.replace(marker, (found) => {
    if (found === '$${') return '${';
    const [, name, fallback] = variable.exec(found) ?? [];
    const value = name === undefined ? undefined : lookUp(name, env, fallback);
    if (value === undefined) bad.push(name === undefined ? { is: 'malformed', text: found } : { is: 'missing', name });
    return value ?? found;
  });
  return { text: replaced, bad };
}

function lookUp(name: string, env: Env, fallback: string | undefined): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === '' || value === undefined ? (fallback ?? value) : value;
}

/** True for text that is one variable and nothing else, whose value may then be a number or boolean. */
export const isOneVariable = (text: string): boolean => variable.test(text);
