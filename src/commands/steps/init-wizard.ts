import type { Invocation } from '../../cli/command.ts';
import type { ExitCode } from '../../lib/errors.ts';
import { set } from '../../spec/edit.ts';
import { askAccess } from '../../wizard/access.ts';
import { adopt } from '../../wizard/adopt.ts';
import { askBot } from '../../wizard/bots.ts';
import type { Draft } from '../../wizard/draft.ts';
import { adoptEdits, editsFor, linkedServers } from '../../wizard/edits.ts';
import type { Goal } from '../../wizard/goal.ts';
import { noLook } from '../../wizard/look.ts';
import { askPortal, choosePortal } from '../../wizard/portal.ts';
import type { Prompts } from '../../wizard/prompts.ts';
import { askServers } from '../../wizard/servers.ts';
import type { Step } from '../../wizard/step.ts';
import type { initOptions } from '../table/init.ts';
import { openPlace } from './init-account.ts';
import { conclude } from './init-conclude.ts';
import { readFile } from './init-file.ts';
import { lookAround } from './init-look.ts';
import type { FileName } from './init-name.ts';
import { givenAnswers } from './init-options.ts';

type Asked = { readonly prompts: Prompts; readonly name: FileName; readonly goal: Goal };

/** All questions up to the one after which something is written. What is given back writes, and applies. */
export async function interview(
  invocation: Invocation<typeof initOptions>,
  { prompts, name, goal }: Asked,
): Promise<() => Promise<ExitCode>> {
  const given = givenAnswers(invocation.options);
  const { file, draft } = await readFile(invocation.world, name);
  const place = await openPlace(invocation, { prompts, draft });
  const look = place.api === undefined ? noLook : await lookAround(place.api, { prompts, records: goal === 'adopt' });
  const account = place.picked === undefined ? [] : [set(['account'], place.picked)];
  const step = { prompts, look, given, draft: await draft.with(account) };
  return conclude(place, { prompts, file, draft: await askAll(step, goal) });
}

/** The questions about the document. */
async function askAll(step: Step, goal: Goal): Promise<Draft> {
  if (goal === 'portal') return askForPortal(step, await askPortal(step));
  if (goal === 'servers')
    return askForPortal(step, await (step.draft.keys('portals').length === 0 ? askPortal(step) : choosePortal(step)));
  const draft = await adopt(step);
  if (draft === undefined) return askAll(step, 'portal');
  const more = await step.prompts.confirm({ message: 'Set up a new portal, too?', initial: false });
  return more ? askAll({ ...step, draft }, 'portal') : draft;
}

async function askForPortal(step: Step, portal: Awaited<ReturnType<typeof askPortal>>): Promise<Draft> {
  const { draft, look } = step;
  const servers = await askServers(step, linkedServers(portal.portal, draft.said));
  const access = await askAccess(step, portal.portal);
  const bot = await askBot(step, portal.portal);
  const live = servers.flatMap(({ id, url }) => (url === undefined ? [`server:${id}`] : []));
  const sections = look.exported([...live, ...access.groups.map((key) => `group:${key}`)]);
  const adopted = await draft.with(adoptEdits(sections, draft.said));
  return adopted.with(editsFor({ ...portal, ...access, servers, bot }, adopted.said));
}
