import { isMissing } from '../../cloudflare/errors.ts';
import type { Api } from '../../engine/api.ts';
import type { Peers } from '../../engine/kind.ts';
import type { Written } from '../../engine/write.ts';
import { memberOf, type Plain } from '../../engine/values.ts';
import { ApiError, UserError } from '../../lib/errors.ts';
import { linkFromRow, linkToApi, rowsOf, type Portal } from './links.ts';
import { withOwnRows, type Beside } from './own-rows.ts';
import { listServers, portalsPath } from './registrations.ts';

/** The steps that only the kind itself can do. */
export type ReplacementSteps<L> = {
  readonly api: Api;
  readonly peers: Peers;
  readonly id: string;
  remove(): Promise<void>;
  create(): Promise<Written<L>>;
  /** Makes the former server again; undefined where Cloudflare alone knew its credentials. */
  readonly putBack: (() => Promise<unknown>) | undefined;
};

/** A portal that has the server, with everything that it says about its servers. */
type Attachment = { readonly path: string; readonly portal: Portal };

/**
 * Detach from every portal, delete, create under the same id, attach again with the same settings:
 * also in portals that the document does not know. The Access application keeps pointing at the id.
 * When a step fails, what was undone is brought back as far as possible, and the error says the rest.
 */
export async function replaceServer<L>(steps: ReplacementSteps<L>): Promise<Written<L>> {
  const attachments = await attachmentsOf(steps);
  await orUndo(steps, attachments, async () => {
    for (const attachment of attachments) await putLinks(steps, attachment, false);
    await steps.remove();
  });
  const created = await steps.create().catch((error: unknown) => giveUp(steps, attachments, error));
  const open = await attachAgain(steps, attachments);
  if (open.length === 0) return created;
  throw incomplete(steps, { what: `server:${steps.id} was replaced, and is not in every portal again.`, open });
}

async function attachmentsOf({ api, peers, id }: ReplacementSteps<unknown>): Promise<readonly Attachment[]> {
  const registrations = await listServers<Plain>(api);
  const beside: Beside = { registrations, declared: peers.desired('portal') };
  const read = peers.existing('portal').map(async (existing) => {
    const path = `${portalsPath(api)}/${encodeURIComponent(existing.id)}`;
    const portal = await api.get<Portal>(path).catch(undefinedWhenMissing);
    return portal === undefined ? [] : [{ path, portal: withOwnRows(portal, beside) }];
  });
  const attachments = (await Promise.all(read)).flat();
  return attachments.filter(({ portal }) => rowsOf(portal).some((row) => row.id === id));
}

/** A portal that went away since the plan was made has nothing to detach. */
function undefinedWhenMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** What a portal says of itself. It goes along: whether a PUT keeps what it leaves out is not certain. */
const own = ['name', 'hostname', 'description', 'code_mode', 'secure_web_gateway'] as const;

/** `servers` in a PUT is a full replacement, so every link goes with it (Q12). */
function putLinks({ api, id }: ReplacementSteps<unknown>, { path, portal }: Attachment, attached: boolean): Promise<unknown> {
  const rows = rowsOf(portal).filter((row) => attached || row.id !== id);
  const said = Object.fromEntries(
    own.flatMap((field) => (portal[field] === undefined || portal[field] === null ? [] : [[field, portal[field]]])),
  );
  return api.put(path, { ...said, servers: rows.map((each) => linkToApi(each.id, linkFromRow(each.row))) });
}

/** The portals in which the server could not be attached. */
async function attachAgain(steps: ReplacementSteps<unknown>, attachments: readonly Attachment[]): Promise<readonly Attachment[]> {
  const open: Attachment[] = [];
  for (const attachment of attachments) {
    try {
      await putLinks(steps, attachment, true);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!isMissing(error)) open.push(attachment);
    }
  }
  return open;
}

/** Before the server is gone, a failure is undone by attaching it again. */
async function orUndo(
  steps: ReplacementSteps<unknown>,
  attachments: readonly Attachment[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const open = await attachAgain(steps, attachments);
    throw incomplete(steps, { what: `${cause.message} server:${steps.id} was not replaced.`, open, cause });
  }
}

/** The server is gone and the new one was refused: the former one is made again where that is possible. */
async function giveUp(steps: ReplacementSteps<unknown>, attachments: readonly Attachment[], cause: unknown): Promise<never> {
  if (!(cause instanceof UserError)) throw cause;
  const isBack = await steps.putBack?.().then(
    () => true,
    () => false,
  );
  const open = isBack === true ? await attachAgain(steps, attachments) : attachments;
  const state = isBack === true ? 'was put back as it was' : 'is gone until the next run makes it';
  throw incomplete(steps, { what: `${cause.message} server:${steps.id} ${state}.`, open, cause });
}

type Incomplete = { readonly what: string; readonly open: readonly Attachment[]; readonly cause?: UserError };

/** Says what is missing in the document's words: the next run knows only the portals of the document. */
function incomplete({ id, peers }: ReplacementSteps<unknown>, { what, open, cause }: Incomplete): ApiError {
  const told = open.map(({ portal }) => {
    const row = rowsOf(portal).find((each) => each.id === id)?.row ?? {};
    const links = peers.desired('portal').find((resource) => resource.key === portal.id)?.state['servers'];
    const who = memberOf(links, id) !== undefined ? 'the next run attaches it, with what the document says' : 'attach it again';
    return `portals.${portal.id}.servers.${id} was ${JSON.stringify(linkFromRow(row))} (${who})`;
  });
  return new ApiError([what, ...told].join('\n'), {
    code: 'replacement_incomplete',
    hint: cause?.facts.hint ?? 'run the same command again: it goes on from here',
    request: cause?.facts.request,
    cause,
  });
}
