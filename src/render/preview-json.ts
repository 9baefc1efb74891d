import type { Delta } from '../exposure/delta.ts';
import type { Preview } from '../exposure/preview.ts';
import type { Offer } from '../exposure/visible.ts';

/** A portal's preview as JSON has it. `tokens` are estimates. */
export function previewJson({ portal, offers, unread, problems, budget, delta }: Preview) {
  const of = (list: Offer['list']) => offers.filter((offer) => offer.isVisible && offer.list === list).map(offerJson);
  return {
    id: portal.id,
    hostname: portal.hostname,
    url: `https://${portal.hostname}/mcp`,
    code_mode: portal.codeMode,
    servers: portal.links.map(({ server }) => server),
    not_read: unread,
    tools: of('tools'),
    prompts: of('prompts'),
    hidden: offers.filter(({ isVisible }) => !isVisible).map(({ server, list, own }) => ({ server, list, name: own })),
    problems,
    context: budget,
    ...(delta === undefined ? {} : { diff: deltaJson(delta) }),
  };
}

const offerJson = ({ name, server, own, description, tokens, readOnly }: Offer) => ({
  name,
  server,
  upstream_name: own,
  description,
  tokens,
  read_only: readOnly,
});

const deltaJson = ({ appears, disappears, renamed, redescribed }: Delta) => ({
  appears: appears.map(nameIn),
  disappears: disappears.map(nameIn),
  renamed: renamed.map(({ from, to }) => ({ from, to: to.name, list: to.list })),
  redescribed: redescribed.map(nameIn),
});

const nameIn = ({ name, list }: Offer) => ({ name, list });
