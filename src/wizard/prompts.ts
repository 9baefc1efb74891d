/** What is wrong with an answer, or undefined. */
export type Check = (answer: string) => string | undefined | Promise<string | undefined>;

export type Choice<T extends string = string> = {
  readonly value: T;
  /** How the list shows it. */
  readonly name: string;
  readonly checked?: boolean;
};

/** Questions for a person. A terminal asks them, and so does a test with its answers ready. Each may end in a `Cancelled`. */
export type Prompts = {
  /** A line that explains what comes next. */
  explain(text: string): void;
  /** Something to look at before the next answer: a file, a plan. */
  show(text: string): void;
  select<T extends string>(question: { readonly message: string; readonly choices: readonly Choice<T>[] }): Promise<T>;
  /** Some of the choices; with `required` at least one. */
  checkbox(question: {
    readonly message: string;
    readonly choices: readonly Choice[];
    readonly required?: boolean;
  }): Promise<readonly string[]>;
  /** One line without the space around it, never an empty one. A wrong answer is told at once, and asked for again. */
  input(question: { readonly message: string; readonly initial?: string | undefined; readonly check?: Check }): Promise<string>;
  /** What is typed does not show. */
  password(question: { readonly message: string; readonly check?: Check }): Promise<string>;
  confirm(question: { readonly message: string; readonly initial: boolean }): Promise<boolean>;
};
