import type { Offer } from './visible.ts';

/** Something about the names of a portal that keeps clients from using a tool. */
export type Problem = {
  readonly is: 'collision' | 'cut' | 'code-mode' | 'long' | 'characters';
  readonly names: readonly string[];
  readonly message: string;
};

/** The protocol allows 128 characters; OpenAI's API and others that pass names on take half of that. */
const longestName = 64;

/** What is wrong with the names that clients see, tools and prompts apart. */
export const problemsOf = (offers: readonly Offer[]): readonly Problem[] =>
  (['tools', 'prompts'] as const).flatMap((list) => {
    const visible = offers.filter((offer) => offer.isVisible && offer.list === list);
    return [...shared(visible, collision), ...(list === 'tools' ? toolProblems(visible) : [])];
  });

const toolProblems = (tools: readonly Offer[]): readonly Problem[] => [
  ...shared(tools, cut),
  ...shared(tools, inCode),
  ...tools.flatMap(({ name }) => [...tooLong(name), ...oddCharacters(name)]),
];

type Sharing = {
  readonly is: Problem['is'];
  spelling(name: string): string;
  message(names: readonly string[], spelling: string): string;
};

const collision: Sharing = {
  is: 'collision',
  spelling: (name) => name,
  message: (names) => `${names.length} have the name ${names[0]}: clients reach only one of them`,
};

const cut: Sharing = {
  is: 'cut',
  spelling: (name) => name.slice(0, longestName),
  message: (names, spelling) =>
    `${names.join(' and ')} are both ${spelling} for clients that cut names at ${longestName} characters`,
};

/** Code Mode makes identifiers of the names. */
const inCode: Sharing = {
  is: 'code-mode',
  spelling: (name) => name.replaceAll('-', '_').replaceAll('/', '_').replaceAll('.', '_'),
  message: (names, spelling) => `${names.join(' and ')} are both ${spelling} in Code Mode`,
};

function shared(offers: readonly Offer[], { is, spelling, message }: Sharing): readonly Problem[] {
  const spelled = offers.map(({ name }) => spelling(name));
  const seen = new Set<string>();
  const twice = new Set(spelled.filter((key) => seen.size === seen.add(key).size));
  return [...twice].flatMap((key) => {
    const names = offers.map(({ name }) => name).filter((_, at) => spelled[at] === key);
    // Whole names that are the same are told as that.
    return new Set(names).size === 1 && is !== 'collision' ? [] : [{ is, names, message: message(names, key) }];
  });
}

const tooLong = (name: string): readonly Problem[] =>
  name.length <= longestName
    ? []
    : [{ is: 'long', names: [name], message: `${name} has ${name.length} characters; many clients take at most ${longestName}` }];

const oddCharacters = (name: string): readonly Problem[] =>
  /^[\w-]*$/.test(name)
    ? []
    : [
        {
          is: 'characters',
          names: [name],
          message: `${name} has other characters than letters, digits, - and _, which clients refuse`,
        },
      ];
