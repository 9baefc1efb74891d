import type { Invocation } from '../cli/command.ts';
import { draw } from '../graph/draw.ts';
import { mermaid } from '../graph/mermaid.ts';
import { around, compare, type Picture } from '../graph/picture.ts';
import { svg } from '../graph/svg.ts';
import { graphText } from '../graph/text.ts';
import { kinds } from '../kinds/index.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import type { Style } from '../render/style.ts';
import { readSources } from '../spec/read-sources.ts';
import { sourcesAt } from './steps/git-version.ts';
import { prepare } from './steps/prepare.ts';
import type { graphOptions } from './table/access.ts';

/** The picture of the document's portals. Offline, save with `--live`. */
export async function run(invocation: Invocation<typeof graphOptions>): Promise<ExitCode> {
  const { world, global, options, args, output } = invocation;
  const sources = await readSources(world, global.files);
  const { spec } = await prepare(invocation, sources);
  const marks = options.live ? await (await import('./steps/live-marks.ts')).liveMarks(invocation) : undefined;
  const now = draw({ desired: spec.desired, kinds, ...(marks === undefined ? {} : { marks }) });
  const names = sources.map(({ name }) => (name === '<stdin>' ? '-' : name));
  const whole = options.diff === undefined ? now : compare(await pictureAt(invocation, options.diff, names), now);
  const picture = args.length === 0 ? whole : around(whole, new Set(args.map((id) => portalNamed(id, whole))));
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, ...picture });
  else output.result(rendered(picture, options.format, { style: output.style, isMarkdown: output.format === 'markdown' }));
  if (output.format !== 'json') warnOfSize(picture, invocation);
  return exitCodes.done;
}

async function pictureAt(
  invocation: Pick<Invocation, 'world' | 'global'>,
  ref: string,
  names: readonly string[],
): Promise<Picture> {
  const sources = await sourcesAt(invocation.world, ref, names);
  if (sources.length === 0) return { nodes: [], edges: [] };
  const { spec } = await prepare(invocation, sources);
  return draw({ desired: spec.desired, kinds });
}

function portalNamed(id: string, { nodes }: Picture): string {
  const portals = nodes.filter(({ column }) => column === 'portal');
  const found = portals.find(({ name }) => name === id);
  if (found !== undefined) return found.id;
  const known = portals.map(({ name }) => name);
  const guess = didYouMean(id, known);
  const hint = guess === undefined ? `it has: ${known.join(', ')}` : `did you mean ${guess}?`;
  throw new UsageError(`the document has no portal "${id}"`, { hint: known.length === 0 ? 'it has none' : hint });
}

type Manner = { readonly style: Style; readonly isMarkdown: boolean };

function rendered(
  picture: Picture,
  format: Invocation<typeof graphOptions>['options']['format'],
  { style, isMarkdown }: Manner,
): string {
  if (format === 'svg') return svg(picture, 'Who reaches what');
  if (format === 'mermaid' || (format === 'auto' && isMarkdown)) {
    const text = mermaid(picture);
    return isMarkdown ? `\`\`\`mermaid\n${text}\`\`\`\n` : text;
  }
  return graphText(picture, style);
}

/** Mermaid's own limits, which GitHub keeps to: beyond them it shows an error instead of the picture. */
const limits = { edges: 500, characters: 50_000 };

function warnOfSize(picture: Picture, { options, output }: Pick<Invocation<typeof graphOptions>, 'options' | 'output'>): void {
  const isMermaid = options.format === 'mermaid' || (options.format === 'auto' && output.format === 'markdown');
  if (!isMermaid || (picture.edges.length <= limits.edges && mermaid(picture).length <= limits.characters)) return;
  output.notice(
    `GitHub draws at most ${limits.edges} arrows and ${limits.characters} characters: name one portal, or use --format svg.`,
  );
}
