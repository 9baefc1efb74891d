import type { OptionValues } from '../../cli/options.ts';
import { UsageError } from '../../lib/errors.ts';
import { bare, rulesOf } from '../../wizard/access.ts';
import { defaultSink, domainProblem, emailProblem, type Given, type ServerAnswer } from '../../wizard/answers.ts';
import type { initOptions } from '../table/init.ts';

/** What the command line has answered. Throws a `UsageError` that names the option. */
export function givenAnswers(options: OptionValues<typeof initOptions>): Given {
  const { portal, hostname, 'service-token': token } = options;
  checkAll('--email', options.email, emailProblem);
  checkAll('--email-domain', options['email-domain'], domainProblem);
  const servers = options.server.map(serverFrom);
  const twice = servers.find(({ id }, at) => servers.findIndex((other) => other.id === id) !== at);
  if (twice !== undefined) throw new UsageError(`--server ${twice.id} is given twice`);
  return {
    portal,
    hostname: hostname?.toLowerCase(),
    servers,
    rules: [...rulesOf('email', options.email), ...rulesOf('email_domain', options['email-domain'].map(bare))],
    bot: token === undefined ? undefined : { token, sink: defaultSink },
  };
}

function checkAll(option: string, values: readonly string[], problem: (text: string) => string | undefined): void {
  for (const value of values) {
    const found = problem(value);
    if (found !== undefined) throw new UsageError(`${option}: ${found}`);
  }
}

function serverFrom(text: string): ServerAnswer {
  const at = text.indexOf('=');
  // What stands there may hold a secret, so only the id is ever repeated.
  if (at < 1 || at === text.length - 1)
    throw new UsageError('--server is written ID=URL', { hint: 'such as --server notes=https://notes.example.com/mcp' });
  return { id: text.slice(0, at).trim(), url: text.slice(at + 1).trim() };
}
