import type { Invocation } from '../cli/command.ts';
import { method } from '../exposure/budget.ts';
import type { Catalogue } from '../exposure/items.ts';
import { builtIn, previewOf, type PortalView, type Preview } from '../exposure/preview.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { previewJson } from '../render/preview-json.ts';
import { renderPreviews } from '../render/preview.ts';
import { lockPathOf } from '../spec/read-lock.ts';
import { prepare } from './steps/prepare.ts';
import { documentViews } from './steps/preview-offline.ts';
import type { previewOptions } from './table/exposure.ts';

type PreviewInvocation = Invocation<typeof previewOptions>;

/** What there is to show, and where it is from. */
type Source = {
  readonly from: 'live' | 'lock';
  readonly account?: string | undefined;
  readonly views: readonly PortalView[];
  readonly catalogues: ReadonlyMap<string, Catalogue | undefined>;
};

/** Lists what clients of a portal will see. Changes nothing. */
export async function run(invocation: PreviewInvocation): Promise<ExitCode> {
  const { options, output, args } = invocation;
  if (options.diff && options.offline)
    throw new UsageError('--diff compares with what is live, and --offline does not look there', {
      hint: 'leave one of them out',
    });
  const { from, account, views, catalogues } = await source(invocation);
  const chosen = chosenOf(views, args[0]);
  const previews = chosen.map((view) => previewOf(view, { catalogue: (id) => catalogues.get(id), compare: options.diff }));
  if (output.format === 'json') output.json(json(previews, { from, account }));
  else output.result(renderPreviews(previews, { style: output.style, width: output.columns }));
  return exitCodes.done;
}

async function source(invocation: PreviewInvocation): Promise<Source> {
  const { options, output } = invocation;
  if (options.offline || (!options.diff && !hasCredentials(invocation))) {
    const { spec, lock } = await prepare(invocation);
    if (lock !== undefined) {
      if (!options.offline) output.notice('Without credentials: from the lock file, as the tools were accepted.');
      return { from: 'lock', views: documentViews(spec.desired), catalogues: lock.servers };
    }
    if (options.offline) throw withoutLock(lockPathOf(spec.sources));
  }
  // Loaded late: offline does without the network.
  const { liveViews } = await import('./steps/preview-live.ts');
  return { from: 'live', ...(await liveViews(invocation)) };
}

const hasCredentials = ({ world: { env }, global }: PreviewInvocation): boolean =>
  global.sandbox !== undefined || (env['CLOUDFLARE_API_TOKEN'] ?? '') !== '' || (env['CLOUDFLARE_API_KEY'] ?? '') !== '';

const withoutLock = (path: string): UsageError =>
  new UsageError(`${path} is not there, and without it nothing is known of the servers' tools offline`, {
    code: 'no_lock',
    path,
    hint: 'write it once, with credentials: mcp-portal lock --accept',
  });

function chosenOf(views: readonly PortalView[], id: string | undefined): readonly PortalView[] {
  if (id === undefined) return views;
  const found = views.filter((view) => view.id === id);
  if (found.length > 0) return found;
  const known = views.map((view) => view.id);
  const guess = didYouMean(id, known);
  const hint = guess === undefined ? `there is: ${known.join(', ') || 'none'}` : `did you mean ${guess}?`;
  throw new UsageError(`there is no portal "${id}"`, { code: 'not_found', hint });
}

const json = (previews: readonly Preview[], { from, account }: Pick<Source, 'from' | 'account'>) => ({
  schema_version: 1,
  ok: true,
  ...(account === undefined ? {} : { account }),
  source: from,
  token_estimate: method,
  built_in: builtIn,
  portals: previews.map(previewJson),
});
