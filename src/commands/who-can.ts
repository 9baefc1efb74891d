import { accessChanges } from '../access/access-changes.ts';
import { tokenKey, type AccessDocument } from '../access/access-document.ts';
import { whoText, type Who } from '../access/who.ts';
import { whoCan, type PortalAccess } from '../access/who-can.ts';
import { whoCanJson, type Compared } from '../access/who-can-json.ts';
import { changesMarkdown, whoCanMarkdown } from '../access/who-can-markdown.ts';
import { changesText, whoCanText } from '../access/who-can-text.ts';
import type { Invocation } from '../cli/command.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { readSources } from '../spec/read-sources.ts';
import { readAccessDocument } from './steps/access-document.ts';
import { whoOf } from './steps/who-of.ts';
import type { World } from '../world.ts';
import type { whoCanOptions } from './table/access.ts';

/** Who gets where, judged by the document alone: no credentials and no network. */
export async function run(invocation: Invocation<typeof whoCanOptions>): Promise<ExitCode> {
  const { world, global, options, args, output } = invocation;
  const who = whoOf(args[0], options);
  const sources = await readSources(world, global.files);
  const names = sources.map(({ name }) => (name === '<stdin>' ? '-' : name));
  const document = await readAccessDocument(sources, world.env);
  const ref = options.diff;
  const former = ref === undefined ? undefined : await documentAt(world, ref, names);
  const documents = former === undefined ? [document] : [document, former];
  checkNames(who, options.portal, documents);
  const wanted = (portals: readonly PortalAccess[]) =>
    options.portal.length === 0 ? portals : portals.filter(({ id }) => options.portal.includes(id));
  const portals = wanted(whoCan(who, document));
  const compared =
    ref === undefined || former === undefined ? undefined : { ref, changes: accessChanges(wanted(whoCan(who, former)), portals) };
  show({ who, portals, compared }, output);
  return exitCodes.done;
}

async function documentAt(world: World, ref: string, names: readonly string[]): Promise<AccessDocument> {
  const { sourcesAt } = await import('./steps/git-version.ts');
  return readAccessDocument(await sourcesAt(world, ref, names), world.env);
}

type Shown = { readonly who: Who; readonly portals: readonly PortalAccess[]; readonly compared: Compared | undefined };

function show({ who, portals, compared }: Shown, output: Invocation['output']): void {
  const name = whoText(who);
  if (output.format === 'json') output.json(whoCanJson(who, portals, compared));
  else if (output.format === 'markdown')
    output.result(compared === undefined ? whoCanMarkdown(name, portals) : changesMarkdown(name, compared));
  else
    output.result(compared === undefined ? whoCanText(name, portals, output.style) : changesText(name, compared, output.style));
}

/** A name that no version of the document has is a slip: an answer would say "refused" for the wrong reason. */
function checkNames(who: Who, portals: readonly string[], documents: readonly AccessDocument[]): void {
  const known = (section: 'portals' | 'service_tokens') => documents.flatMap((document) => [...document[section].keys()]);
  const unknown = portals.find((id) => !known('portals').includes(id));
  if (unknown !== undefined) throw notThere('portal', unknown, known('portals'));
  if (who.is === 'bot' && documents.every((document) => tokenKey(who.token, document) === undefined))
    throw notThere('service token', who.token, known('service_tokens'));
}

function notThere(what: string, name: string, known: readonly string[]): UsageError {
  const guess = didYouMean(name, known);
  const all = known.length === 0 ? `the document has no ${what}` : `there is: ${[...new Set(known)].join(', ')}`;
  return new UsageError(`the document has no ${what} "${name}"`, { hint: guess === undefined ? all : `did you mean ${guess}?` });
}
