import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { guardDeletes } from '../../engine/guard.ts';
import type { Proposal } from '../../engine/plan.ts';
import { kinds } from '../../kinds/index.ts';
import { exitCodes, type ExitCode } from '../../lib/errors.ts';
import { commit, outputsOf, planId, type LoadedSpec, type Report } from '../../pipeline.ts';
import { applyJson, planJson } from '../../render/json.ts';
import { renderAppliedMarkdown, renderPlanMarkdown } from '../../render/markdown.ts';
import { renderAppliedText, renderPlanText } from '../../render/text.ts';
import { progress as showProgress } from '../../terminal/progress.ts';
import { review } from '../../terminal/review.ts';
import type { World } from '../../world.ts';
import { openOutlets, withReadSecrets } from './secrets.ts';
import { waitUntilReady, type Waited } from './wait.ts';

export type ConvergeOptions = {
  readonly invocation: Pick<Invocation, 'world' | 'global' | 'output'>;
  readonly api: OpenApi;
  readonly spec: Pick<LoadedSpec, 'desired'>;
  readonly proposal: Proposal;
  readonly maxDeletes: number;
  readonly secretsOut?: readonly string[];
  /** Seconds to wait for servers; undefined: do not wait. */
  readonly wait?: number | undefined;
};

/** Guard, show, ask, apply, read back, say what became of it: the one way in which anything is changed. */
export async function converge(options: ConvergeOptions): Promise<ExitCode> {
  const { invocation, proposal } = options;
  const { global, world } = invocation;
  if (global.dryRun) return shown(options, 'plan');
  guardDeletes(proposal.plan, options.maxDeletes);
  if (proposal.plan.changes.length === 0) return finish(options, { proposal, report: nothing, secrets: [] });
  if (!world.stdin.isTTY && !global.yes) return refusedUnasked(options);
  const captured = captureStdout(world, global.output === 'json');
  const ready = await withReadSecrets(proposal, world);
  const outlets = await openOutlets(ready, { world: captured.world, sinks: options.secretsOut ?? [] });
  const screen = outlets.useStdout && global.output !== 'json' ? invocation.output.notice : undefined;
  if (global.output === 'text' || screen !== undefined) show(options, screen);
  const agreed = await review({ world, yes: global.yes, question: 'Apply these changes?' });
  if (!agreed) {
    invocation.output.notice('Nothing was changed.');
    return exitCodes.done;
  }
  const report = await carryOut(options, { proposal: ready, deliver: outlets.deliver });
  return finish(options, { proposal: ready, report, secrets: captured.lines(), screen });
}

const nothing: Report = { outcomes: [], kept: [], interrupted: false };

type Screen = ((text: string) => void) | undefined;

/** A plan that nobody can agree to is still worth showing. Throws the refusal. */
async function refusedUnasked(options: ConvergeOptions): Promise<ExitCode> {
  const { output, world } = options.invocation;
  if (output.format !== 'json') show(options, undefined);
  await review({ world, yes: false, question: 'Apply these changes?' });
  return exitCodes.refused;
}

function show({ invocation: { output }, proposal: { plan } }: ConvergeOptions, screen: Screen): void {
  (screen ?? output.result)(renderPlanText(plan, { style: output.style, mode: 'apply' }));
}

function shown({ invocation: { output }, proposal: { plan } }: ConvergeOptions, mode: 'plan'): ExitCode {
  if (output.format === 'json') output.json(planJson(plan, { planId: planId(plan) }));
  else if (output.format === 'markdown') output.result(renderPlanMarkdown(plan, { planId: planId(plan) }));
  else output.result(renderPlanText(plan, { style: output.style, mode }));
  return exitCodes.done;
}

type Doing = { readonly proposal: Proposal; readonly deliver: Parameters<typeof commit>[0]['deliver'] };

async function carryOut({ invocation, api, spec }: ConvergeOptions, { proposal, deliver }: Doing): Promise<Report> {
  const { world, global } = invocation;
  const progress = await showProgress(world, { quiet: global.quiet });
  const count = proposal.plan.changes.length;
  let done = 0;
  try {
    return await commit({
      api,
      fresh: () => api.fresh(),
      kinds,
      desired: spec.desired,
      proposal,
      concurrency: global.concurrency,
      signal: world.signal,
      sleep: (ms) => world.sleep(ms),
      deliver,
      onStart: (address) => progress.step(`${done}/${count} ${address}`),
      onOutcome: () => {
        done += 1;
      },
    });
  } finally {
    progress.done();
  }
}

type Finished = { readonly proposal: Proposal; readonly report: Report; readonly secrets: readonly string[]; readonly screen?: Screen };

async function finish(options: ConvergeOptions, { proposal, report, secrets, screen }: Finished): Promise<ExitCode> {
  const { invocation, spec } = options;
  const { output, world } = invocation;
  const ok = report.outcomes.every((outcome) => outcome.ok) && report.kept.length === 0 && !report.interrupted;
  const waited: Waited | undefined = ok && options.wait !== undefined ? await waitUntilReady(options, proposal, options.wait) : undefined;
  const outputs = outputsOf(proposal, spec.desired);
  const facts = { planId: planId(proposal.plan), outcomes: report.outcomes, outputs, ok: ok && waited?.ok !== false, kept: report.kept };
  const code = exitCode(ok, report, waited);
  if (output.format === 'json') {
    const shownSecrets = secrets.length === 0 ? {} : { secrets: secrets.map((line) => JSON.parse(line) as unknown) };
    output.json({ ...applyJson(proposal.plan, facts), ...(waited === undefined ? {} : { waited: waited.servers }), ...shownSecrets });
    return code;
  }
  const say = screen ?? output.result;
  if (proposal.plan.changes.length === 0) say(renderPlanText(proposal.plan, { style: output.style, mode: 'apply' }));
  else if (output.format === 'markdown') say(renderAppliedMarkdown(proposal.plan, facts));
  else say(renderAppliedText(report.outcomes, outputs, output.style));
  for (const sentence of report.kept) output.warning(`warning: ${sentence}`);
  for (const line of waited?.lines ?? []) output.warning(line);
  if (report.interrupted) world.stderr.write('Interrupted: what was applied is listed above; run again to go on.\n');
  return code;
}

function exitCode(ok: boolean, report: Report, waited: Waited | undefined): ExitCode {
  if (report.interrupted) return exitCodes.interrupted;
  if (!ok) return exitCodes.failed;
  return waited?.ok === false ? exitCodes.notReady : exitCodes.done;
}

/** With `-o json` standard output is one document: what a `stdout` sink gets becomes a part of it. */
function captureStdout(world: World, capture: boolean): { readonly world: World; lines(): readonly string[] } {
  if (!capture) return { world, lines: () => [] };
  const lines: string[] = [];
  const stdout = { ...world.stdout, write: (text: string) => void lines.push(text) };
  return { world: { ...world, stdout }, lines: () => lines };
}
