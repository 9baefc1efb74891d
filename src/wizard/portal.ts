import { set } from '../spec/edit.ts';
import { zoneProblem, type Answers } from './answers.ts';
import { complaint } from './draft.ts';
import type { Step } from './step.ts';

export type PortalAnswer = Pick<Answers, 'portal' | 'hostname' | 'dns'>;

/** A portal of the document that gets more servers. */
export async function choosePortal({ prompts, draft }: Step): Promise<PortalAnswer> {
  const [first = '', ...more] = draft.keys('portals');
  if (more.length === 0) return { portal: first };
  const choices = [first, ...more].map((id) => ({ value: id, name: id }));
  return { portal: await prompts.select({ message: 'Behind which portal?', choices }) };
}

/** A new portal: its id, its hostname and its DNS record. */
export async function askPortal(step: Step): Promise<PortalAnswer> {
  const { prompts, draft, look, given } = step;
  const portal = await prompts.input({
    message: 'Id of the portal:',
    initial: given.portal ?? 'tools',
    check: (id) => {
      if (draft.keys('portals').includes(id)) return `the document has a portal ${id} already`;
      if (look.portals.some((other) => other.id === id))
        return `the account has a portal ${id} already: start again to take it over`;
      return complaint(draft, [set(['portals', id, 'hostname'], 'mcp.example.com')], { path: ['portals', id], exactly: true });
    },
  });
  const hostname = await askHostname(portal, step);
  prompts.explain('DNS: a proxied CNAME record brings the hostname to Cloudflare; without one nobody reaches the portal.');
  const dns = await prompts.confirm({ message: `Make the DNS record of ${hostname}?`, initial: true });
  return { portal, hostname, dns };
}

async function askHostname(portal: string, { prompts, draft, look, given }: Step): Promise<string> {
  const check = (hostname: string) =>
    complaint(draft, [set(['portals', portal, 'hostname'], hostname)], { path: ['portals', portal, 'hostname'] });
  const [first, ...more] = look.zones;
  if (first === undefined) return prompts.input({ message: 'Hostname that clients use:', initial: given.hostname, check });
  if (given.hostname !== undefined) {
    const checkZone = (hostname: string) => zoneProblem(hostname, look.zones) ?? check(hostname);
    return prompts.input({ message: 'Hostname that clients use:', initial: given.hostname, check: checkZone });
  }
  const choices = [first, ...more].map((name) => ({ value: name, name }));
  const zone = more.length === 0 ? first : await prompts.select({ message: 'In which zone is its hostname?', choices });
  const below = (name: string): string => (name.endsWith(`.${zone}`) ? name : `${name}.${zone}`);
  return below(
    await prompts.input({ message: `Name below ${zone} that clients use:`, initial: 'mcp', check: (name) => check(below(name)) }),
  );
}
