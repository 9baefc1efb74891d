import { isVisible, nameOf } from '../exposure/visible.ts';
import { namesIn } from '../kinds/mcp/synced.ts';
import type { Answer } from './admission.ts';
import { judge, type Check, type Judge } from './check.ts';
import type { Greeted } from './handshake.ts';
import type { LinkSubject, ServerSubject } from './subjects.ts';

/** What a portal is to show of one server. */
export type Promised = {
  readonly server: string;
  /** By the names that clients see. */
  readonly tools: readonly string[];
  readonly prompts: readonly string[];
  /** Whether the service token is to see the server at all. */
  readonly isShown: Answer;
  /** The failure of an earlier layer that explains what is missing. */
  readonly before: string | undefined;
};

/** The configuration's list: what Cloudflare has read of the server, with the settings of the server and of the link. */
export function promisedNames(link: LinkSubject, server: ServerSubject): Pick<Promised, 'tools' | 'prompts'> {
  const settings = { ...server.state, ...said(server.desired?.state) };
  const about = { server: link.server, link: link.promised, settings };
  const names = (list: 'tools' | 'prompts'): readonly string[] =>
    namesIn(server.live, list)
      .filter((own) => isVisible(own, list, about))
      .map((own) => nameOf(own, list, about));
  return { tools: names('tools'), prompts: names('prompts') };
}

const said = (state: Readonly<Record<string, unknown>> | undefined) => ({
  ...(state?.['tools'] === undefined ? {} : { tools: state['tools'] }),
  ...(state?.['prompts'] === undefined ? {} : { prompts: state['prompts'] }),
});

/** Compares what a service token is shown with what it should be, server by server. */
export function checkShown(
  portal: string,
  { tools, prompts }: Pick<Greeted, 'tools' | 'prompts'>,
  promised: readonly Promised[],
): readonly Check[] {
  const of = judge('endpoint', portal);
  const shown = { tools: (tools ?? []).filter((name) => !name.startsWith('portal_')), prompts: prompts ?? [] };
  if (shown.tools.length === 0 && tools?.some((name) => name.startsWith('portal_codemode_')) === true) {
    return [of.skipped({ name: 'tools', detail: 'code mode is enforced: clients find tools by searching' })];
  }
  const known = new Set(promised.map(({ server }) => server));
  const strangers = shown.tools.filter((name) => !known.has(serverIn(name)));
  const foreign =
    strangers.length === 0
      ? []
      : [
          of.failed({
            name: 'tools',
            detail: `of no server of this portal: ${some(strangers)}`,
            cause: 'The portal shows what its configuration does not have.',
            fix: 'mcp-portal drift',
          }),
        ];
  return [...promised.map((each) => compared(each, shown, of)), ...foreign];
}

const serverIn = (name: string): string => name.split('_')[0] ?? '';

type Shown = { readonly tools: readonly string[]; readonly prompts: readonly string[] };

function compared(promised: Promised, shown: Shown, of: Judge): Check {
  const { server, isShown, before } = promised;
  const name = `tools of ${server}`;
  const own = {
    tools: shown.tools.filter((each) => serverIn(each) === server),
    prompts: shown.prompts.filter((each) => serverIn(each) === server),
  };
  if (isShown === 'no') {
    if (own.tools.length === 0) return of.passed({ name, detail: 'hidden from this service token, as it should be' });
    const cause = 'The server is shown to a service token that no policy of it lets in.';
    return of.failed({
      name,
      detail: `shown although it should be hidden: ${some(own.tools)}`,
      cause,
      fix: `Look at the policies of the application of ${server}: mcp-portal plan`,
    });
  }
  const missing = [...without(promised.tools, own.tools), ...without(promised.prompts, own.prompts)];
  const more = [...without(own.tools, promised.tools), ...without(own.prompts, promised.prompts)];
  if (missing.length + more.length === 0) return of.passed({ name, detail: `${own.tools.length} shown, as configured` });
  if (isShown === 'unknown') return of.skipped({ name, detail: 'whether this service token is to see it is not known' });
  if (before !== undefined && more.length === 0) return of.skipped({ name, detail: before });
  const parts = [
    ...(missing.length === 0 ? [] : [`missing: ${some(missing)}`]),
    ...(more.length === 0 ? [] : [`not expected: ${some(more)}`]),
  ];
  return of.failed({ name, detail: parts.join('; '), ...whyDifferent(server, own.tools.length === 0) });
}

const whyDifferent = (server: string, isGone: boolean) =>
  isGone
    ? {
        cause: 'The portal shows nothing of this server: it could not reach it, or lost its sign-in there.',
        fix: `mcp-portal sync-server ${server}`,
      }
    : {
        cause: 'The server has other tools by now than Cloudflare has read, or live settings differ from the document.',
        fix: `mcp-portal sync-server ${server}, then: mcp-portal drift`,
      };

const without = (names: readonly string[], others: readonly string[]): readonly string[] => {
  const gone = new Set(others);
  return names.filter((name) => !gone.has(name));
};

/** Names come from servers: anything may stand in them, and any number of them. */
const some = (names: readonly string[]): string => {
  const first = names.slice(0, 5).map((name) => (name.length <= 64 ? name : `${name.slice(0, 64)}…`));
  return names.length > 5 ? `${first.join(', ')} and ${names.length - 5} more` : first.join(', ');
};
