import { neutral } from '../render/value.ts';
import { plainStyle } from '../render/style.ts';
import { renderPlanText } from '../render/text.ts';
import type { Shown } from './plans.ts';

const longestDiff = 6_000;
const mostNamed = 60;

/** What a person is asked. What is lost and which secrets go where stand first: nothing long can push them out of sight. */
export function questionOf({ draft, wish }: Shown): string {
  const { plan, sends } = draft;
  const named = (action: string): readonly string[] => {
    const all = plan.changes.filter((change) => change.action === action).map(({ address }) => neutral(address));
    if (all.length === 0) return [];
    const more = all.length > mostNamed ? [`and ${all.length - mostNamed} more`] : [];
    return [`${action}: ${[...all.slice(0, mostNamed), ...more].join(', ')}`];
  };
  return [
    `mcp-portal: apply these changes to the Cloudflare account ${neutral(plan.account)}? (${neutral(wish.title)})`,
    ...['delete', 'replace', 'create', 'update'].flatMap(named),
    ...sends.map((sentence) => `secret: ${neutral(sentence)}`),
    '',
    diffOf(draft, longestDiff),
  ].join('\n');
}

/** The diff as `plan` prints it, cut to `limit` characters. */
export function diffOf({ plan }: Shown['draft'], limit: number): string {
  const text = renderPlanText(plan, { style: plainStyle, mode: 'plan' });
  return text.length <= limit ? text : `${text.slice(0, limit)}\n… (${text.length - limit} more characters)`;
}
