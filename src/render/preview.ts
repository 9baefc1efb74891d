import type { Delta } from '../exposure/delta.ts';
import type { Preview } from '../exposure/preview.ts';
import type { Offer } from '../exposure/visible.ts';
import { plainStyle, type Style } from './style.ts';
import { tableText } from './table.ts';
import { neutral } from './value.ts';

export type PreviewTextOptions = { readonly style?: Style; readonly width?: number | undefined };

/** Longer lists are a number at their end: the JSON has all. */
const mostRows = 1000;
const mostHidden = 30;
const widestText = 100;

/** What clients of each portal get to see, as people read it. No newline at the end. */
export const renderPreviews = (previews: readonly Preview[], options: PreviewTextOptions = {}): string =>
  previews.length === 0 ? 'No portals.' : previews.map((preview) => renderPreview(preview, options)).join('\n\n\n');

function renderPreview(preview: Preview, { style = plainStyle, width }: PreviewTextOptions): string {
  const { portal, delta } = preview;
  const blocks = [
    [`${style.bold(neutral(portal.id))}  https://${neutral(portal.hostname)}/mcp`, countsOf(preview)].join('\n'),
    offersText(preview, 'tools', width),
    offersText(preview, 'prompts', width),
    hiddenText(preview),
    preview.problems.map(({ message }) => `${style.yellow('warning:')} ${neutral(message)}`).join('\n'),
    costText(preview),
    delta === undefined ? '' : deltaText(delta, preview, style),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function countsOf({ portal, offers, unread, budget }: Preview): string {
  const count = (list: Offer['list']): number => offers.filter((offer) => offer.isVisible && offer.list === list).length;
  const hidden = offers.filter(({ isVisible }) => !isVisible).length;
  const waiting = unread.length === 0 ? '' : `; not read yet: ${unread.map(neutral).join(', ')}`;
  const what = `${amount(count('tools'), 'tool')} and ${amount(count('prompts'), 'prompt')} of ${amount(portal.links.length, 'server')}`;
  return `${what}, ${hidden} hidden; about ${budget.tokens} tokens${waiting}`;
}

const amount = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function offersText({ offers }: Preview, list: Offer['list'], width: number | undefined): string {
  const visible = offers.filter((offer) => offer.isVisible && offer.list === list);
  if (visible.length === 0) return '';
  const rows = visible
    .slice(0, mostRows)
    .map((offer) => [offer.name, String(offer.tokens), ownName(offer), cut(offer.description)]);
  const more = visible.length > mostRows ? `\n… and ${visible.length - mostRows} more (--json has all)` : '';
  return `${tableText([list.slice(0, -1), 'tokens', 'upstream', 'description'], rows, { width })}${more}`;
}

/** The upstream's own name, where clients see another one. */
const ownName = ({ server, own, name }: Offer): string => (name === `${server}_${own}` ? '' : own);

const cut = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * widestText + 2));
  return characters.length > widestText ? `${characters.slice(0, widestText - 1).join('')}…` : text;
};

function hiddenText({ offers }: Preview): string {
  const byServer = new Map<string, string[]>();
  for (const { server, own, isVisible } of offers)
    if (!isVisible) byServer.set(server, [...(byServer.get(server) ?? []), neutral(own)]);
  return [...byServer].map(([server, names]) => `hidden of ${neutral(server)}: ${some(names, mostHidden)}`).join('\n');
}

const some = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

function costText({ budget, portal }: Preview): string {
  if (budget.heaviest.length === 0) return '';
  const heaviest = budget.heaviest.map(({ name, tokens }) => `${neutral(name)} ${tokens}`).join(', ');
  const mode =
    portal.codeMode === 'off'
      ? 'Code Mode (off here) would show'
      : portal.codeMode === 'enforced'
        ? 'Code Mode (enforced here) shows'
        : 'With ?codemode=search_and_execute in its URL a client sees';
  return [
    `Heaviest: ${heaviest}. Hiding them would save ${budget.curation_saves} tokens; what is hidden saves ${budget.hidden_saves}.`,
    `${mode} two tools in the place of these: that saves up to ${budget.code_mode_saves} tokens.`,
    'Tokens are characters / 4 of the definitions as JSON; each model counts its own way.',
  ].join('\n');
}

function deltaText({ appears, disappears, renamed, redescribed }: Delta, { portal }: Preview, style: Style): string {
  if (appears.length + disappears.length + renamed.length + redescribed.length === 0) return 'Clients see the same as now.';
  const lead = portal.live === undefined ? 'Beside now (the portal is not there yet):' : 'Beside now:';
  const lines = [
    ...appears.map(({ name }) => `${style.green('+')} ${neutral(name)} appears`),
    ...disappears.map(({ name }) => `${style.red('-')} ${neutral(name)} disappears`),
    ...renamed.map(({ from, to }) => `${style.yellow('~')} ${neutral(from)} is renamed to ${neutral(to.name)}`),
    ...redescribed.map(({ name }) => `${style.yellow('~')} ${neutral(name)} is described in other words`),
  ];
  return [lead, ...lines.slice(0, mostRows).map((line) => `  ${line}`)].join('\n');
}
