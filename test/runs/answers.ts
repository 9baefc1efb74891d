/** What a person answers, in order, and the questions that were asked; in the place of the prompt library. */
export const person = { answers: [] as unknown[], asked: [] as string[] };

async function answer({ message }: { readonly message: string }): Promise<unknown> {
  person.asked.push(message);
  if (person.answers.length === 0) throw new Error(`unexpected question: ${message}`);
  return person.answers.shift();
}

export const prompts = { confirm: answer, input: answer, password: answer };
