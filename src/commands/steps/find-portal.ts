import type { Invocation } from '../../cli/command.ts';
import { canonicalHostname } from '../../kinds/document/network.ts';
import { didYouMean } from '../../lib/did-you-mean.ts';
import { UsageError } from '../../lib/errors.ts';
import { verbDocument, type VerbDocument } from './verb-document.ts';

export type PortalChoice = { readonly portal: string | undefined; readonly hostname: string | undefined };

/** A portal that clients connect to. `tokenHints`: what stands against using a service token there. */
export type FoundPortal = { readonly id: string; readonly hostname: string; readonly tokenHints: readonly string[] };

type Given = Pick<Invocation, 'world' | 'global' | 'output'>;

/**
 * The portal that is meant: by its hostname, else of the document, and then without a request, else of the account.
 * Throws a `UsageError` that names the portals there are.
 */
export async function findPortal(given: Given, choice: PortalChoice): Promise<FoundPortal> {
  const { portal, hostname } = choice;
  if (hostname !== undefined) {
    const host = checked(hostname, '--hostname');
    return { id: portal ?? host.replaceAll('.', '-'), hostname: host, tokenHints: [] };
  }
  const document = await verbDocument(given);
  const declared = document.keys('portals').filter((id) => document.said('portals', id, 'absent') !== true);
  if (declared.length === 0) return liveOne(given, document, portal);
  const id = chosen(declared, portal, 'the document');
  const said = document.said('portals', id, 'hostname') ?? (await expandedHostname(document, id));
  // An adopted portal may leave its hostname to the account.
  if (typeof said !== 'string') return liveOne(given, document, id);
  const tokens = document.said('portals', id, 'service_tokens');
  const hint = `The document lets no service token into portal:${id} by itself: add \`service_tokens: [KEY]\` there, unless a service_auth policy does.`;
  return {
    id,
    hostname: checked(said, `portals.${id}.hostname`),
    tokenHints: Array.isArray(tokens) && tokens.length > 0 ? [] : [hint],
  };
}

/** Throws a `SpecError` where the hostname cannot be read: a variable in it that is not set. */
async function expandedHostname(document: VerbDocument, id: string): Promise<unknown> {
  const { desired } = await document.edited([]);
  return desired.find(({ kind, key }) => kind === 'portal' && key === id)?.state['hostname'];
}

async function liveOne(given: Given, document: VerbDocument, wanted: string | undefined): Promise<FoundPortal> {
  // Loaded late: with a document nothing here is needed.
  const { openFor, surroundings } = await import('./run-verb.ts');
  const around = surroundings(document, await openFor(given, document, []));
  const portals = await around.live('portal');
  const id = chosen(
    portals.map((portal) => portal.id),
    wanted,
    'the account',
  );
  const portal = portals.find((each) => each.id === id);
  const hostname = portal === undefined ? undefined : around.state(portal)['hostname'];
  return { id, hostname: checked(typeof hostname === 'string' ? hostname : '', `the hostname of portal:${id}`), tokenHints: [] };
}

function chosen(ids: readonly string[], wanted: string | undefined, where: string): string {
  const [first, second] = ids;
  if (wanted !== undefined) {
    if (ids.includes(wanted)) return wanted;
    const guess = didYouMean(wanted, ids);
    throw new UsageError(`${where} has no portal ${wanted}`, {
      hint: guess === undefined ? `It has: ${ids.join(', ') || 'none'}.` : `Did you mean ${guess}?`,
    });
  }
  if (first === undefined)
    throw new UsageError(`${where} has no portal`, { hint: 'Make one with mcp-portal create-portal, or give --hostname HOST.' });
  if (second === undefined) return first;
  throw new UsageError(`${where} has several portals: ${ids.join(', ')}`, { hint: 'Choose one with --portal ID.' });
}

const hostnames = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** What goes into a client's file and into commands that people copy has to be a hostname and nothing else. */
function checked(text: string, what: string): string {
  const hostname = canonicalHostname(text);
  if (hostnames.test(hostname)) return hostname;
  throw new UsageError(`${what} is not a hostname: ${JSON.stringify(text)}`, {
    hint: 'A bare hostname is needed, such as mcp.example.com.',
  });
}
