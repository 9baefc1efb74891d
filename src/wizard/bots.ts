import { parseSink } from '../secrets/sinks/parse-sink.ts';
import { set } from '../spec/edit.ts';
import { defaultSink, type BotAnswer } from './answers.ts';
import { complaint } from './draft.ts';
import type { Step } from './step.ts';

/** Whether programs get in, and by which service token. */
export async function askBot({ prompts, draft, given }: Step, portal: string): Promise<BotAnswer | undefined> {
  const has = draft.said('portals', portal, 'service_tokens');
  if (given.bot !== undefined) return given.bot;
  if (Array.isArray(has) && has.length > 0) return undefined;
  prompts.explain('Service token: a client id and a secret with which a program gets in where nobody can log in.');
  if (!(await prompts.confirm({ message: 'May programs (bots, CI) use it, too?', initial: false }))) return undefined;
  const entry = (token: string) => ['service_tokens', token];
  const token = await prompts.input({
    message: 'Name of the service token:',
    initial: 'ci',
    check: (name) => complaint(draft, [set(entry(name), {})], { path: entry(name) }),
  });
  if (draft.keys('service_tokens').includes(token)) return { token, sink: defaultSink };
  const sink = await prompts.input({
    message: 'Where does its secret go? It is shown only once.',
    initial: defaultSink,
    check: (text) => {
      const parsed = parseSink(text);
      return parsed.ok ? undefined : parsed.error;
    },
  });
  return { token, sink };
}

/** The file that a sink puts a secret into, where git could take it along. */
export const secretFile = (sink: string): string | undefined => /^(?:dotenv|file):(?![/~]|\.\.)(?:\.\/)?(.+)$/.exec(sink)?.[1];

/** Whether a `.gitignore` has a line for a file. Only the plain forms count. */
export const isIgnored = (gitignore: string, file: string): boolean =>
  gitignore.split(/\r?\n/).some((line) => [file, `/${file}`, `${file}*`, '*.env'].includes(line.trim()));
