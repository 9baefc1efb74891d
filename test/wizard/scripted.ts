import type { Check, Choice, Prompts } from '../../src/wizard/prompts.ts';

/** A part of a question, and what is answered: the value of a choice, values, a text, yes or no. An Error is thrown. */
export type Line = readonly [question: string, answer: string | boolean | readonly string[] | Error];

export type Scripted = {
  readonly prompts: Prompts;
  /** What was said against answers. */
  readonly refusals: readonly string[];
  /** The answers that nothing has asked for. */
  left(): readonly Line[];
};

/**
 * Somebody who knows all answers. A question that is not the next one expected fails the test. `screen`
 * gets what a terminal would show once each question is answered.
 */
export function scripted(lines: readonly Line[], screen: (text: string) => void = () => {}): Scripted {
  const rest = [...lines];
  const refusals: string[] = [];

  function next(message: string): Exclude<Line[1], Error> {
    const [question, answer] = rest.shift() ?? ['nothing', ''];
    if (!message.includes(question)) throw new Error(`unexpected question "${message}", expected "${question}"`);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  const answered = (message: string, shown: string): void => screen(`✔ ${message}${shown === '' ? '' : ` ${shown}`}\n`);
  const nameOf = (choices: readonly Choice[], value: unknown): string => {
    const choice = choices.find((each) => each.value === value);
    if (choice === undefined) throw new Error(`no choice ${String(value)} among ${choices.map((each) => each.value).join(', ')}`);
    return choice.name;
  };

  async function text(message: string, initial: string | undefined, check: Check = () => undefined): Promise<string> {
    for (;;) {
      const said = next(message);
      const answer = said === '' ? (initial ?? '') : String(said);
      const complaint = await check(answer);
      if (complaint === undefined) return answer;
      refusals.push(complaint);
    }
  }

  const prompts: Prompts = {
    explain: (line) => screen(`${line}\n`),
    show: (block) => screen(block.endsWith('\n') ? block : `${block}\n`),
    async select({ message, choices }) {
      const said = next(message);
      answered(message, nameOf(choices, said));
      const chosen = choices.find(({ value }) => value === said);
      if (chosen === undefined) throw new Error('unreachable');
      return chosen.value;
    },
    async checkbox({ message, choices, required = false }) {
      const said = next(message);
      const values = Array.isArray(said) ? said : choices.filter(({ checked }) => checked === true).map(({ value }) => value);
      if (required && values.length === 0) throw new Error(`"${message}" takes at least one`);
      answered(message, values.map((value) => nameOf(choices, value)).join(', '));
      return values;
    },
    async input({ message, initial, check }) {
      const answer = await text(message, initial, check);
      answered(message, answer);
      return answer;
    },
    async password({ message, check }) {
      const answer = await text(message, undefined, check);
      answered(message, '');
      return answer;
    },
    async confirm({ message, initial }) {
      const said = next(message);
      const answer = typeof said === 'boolean' ? said : initial;
      answered(message, answer ? 'Yes' : 'No');
      return answer;
    },
  };
  return { prompts, refusals, left: () => rest };
}
