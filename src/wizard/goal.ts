import type { Prompts } from './prompts.ts';

/** A new portal, more servers behind one of the document, or what the account has already. */
export type Goal = 'portal' | 'servers' | 'adopt';

/** The first question. It needs neither the document nor the account, so nothing has to be loaded before it. */
export function askGoal(prompts: Prompts, file: { readonly name: string; readonly isThere: boolean }): Promise<Goal> {
  prompts.explain(
    `This makes ${file.isThere ? 'additions to ' : ''}${file.name}. Nothing is written before the last question; Ctrl-C ends it at any time.`,
  );
  prompts.explain('Portal: one address, https://HOSTNAME/mcp, that gives its users the tools of several MCP servers.');
  const more = file.isThere ? [{ value: 'servers', name: `More servers behind a portal of ${file.name}` } as const] : [];
  return prompts.select<Goal>({
    message: 'What do you want to set up?',
    choices: [
      { value: 'portal', name: 'A new portal' },
      ...more,
      { value: 'adopt', name: 'What the account has already, taken over as it is' },
    ],
  });
}
