import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import type { Address, Desired } from '../../engine/kind.ts';
import { planOperation } from '../../engine/operate.ts';
import type { OperationInput } from '../../engine/operation.ts';
import type { Proposal } from '../../engine/plan.ts';
import type { PlannedWork } from '../../engine/work.ts';
import { kinds } from '../../kinds/index.ts';
import { UnsafePlanError, type ExitCode } from '../../lib/errors.ts';
import { converge } from './converge.ts';
import { openFor } from './run-verb.ts';
import { verbDocument } from './verb-document.ts';

export type OperationOptions = {
  readonly kind: string;
  readonly operation: string;
  /** Keys, live names or ids; undefined means every object of the kind. */
  readonly refs: readonly string[] | undefined;
  readonly input: OperationInput;
};

/** What became of one operation: the object that its answer showed, or the error. */
export type Attempt = { readonly work: PlannedWork; readonly live?: unknown; readonly error?: unknown };

/** An operation that is planned. `attempts` fills while it is carried out. */
export type PlannedOperation = {
  readonly api: OpenApi;
  readonly desired: readonly Desired[];
  readonly proposal: Proposal;
  readonly attempts: Map<Address, Attempt>;
};

type OperationInvocation = Pick<Invocation, 'world' | 'global' | 'output'>;

/** Reads the document, where there is one, and the account, and plans an operation. Writes nothing. */
export async function prepareOperation(invocation: OperationInvocation, options: OperationOptions): Promise<PlannedOperation> {
  const document = await verbDocument(invocation);
  const { desired } = await document.edited([]);
  const api = await openFor(invocation, document, []);
  const proposal = await planOperation({ api, kinds, desired, ...options });
  const attempts = new Map<Address, Attempt>();
  const works = proposal.works.map((work) => recorded(work, attempts));
  return { api, desired, proposal: { ...proposal, works }, attempts };
}

function recorded(work: PlannedWork, attempts: Map<Address, Attempt>): PlannedWork {
  const { operation } = work;
  if (operation === undefined) return work;
  const run: typeof operation.run = async (write) => {
    try {
      const written = await operation.run(write);
      attempts.set(work.address, { work, live: written.live });
      return written;
    } catch (error) {
      attempts.set(work.address, { work, error });
      throw error;
    }
  };
  return { ...work, operation: { ...operation, run } };
}

export type CarryOutOptions = {
  readonly secretsOut?: readonly string[];
  /** The one JSON document of the run, with what this command has to say beside. */
  amend?(document: object): object;
};

/** The way of every change, for a planned operation: shown, agreed to, carried out, told. */
export async function carryOut(
  { world, global, output }: OperationInvocation,
  { api, proposal }: Pick<PlannedOperation, 'api' | 'proposal'>,
  { secretsOut = [], amend = (document) => document }: CarryOutOptions,
): Promise<ExitCode> {
  const amended = { ...output, json: (document: object) => output.json(amend(document)) };
  const invocation = { world, global, output: amended };
  return namingOut(() => converge({ invocation, api, spec: { desired: [] }, proposal, maxDeletes: 0, secretsOut }));
}

/** Here the option for a secret's place is called `--out`. */
export async function namingOut<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UnsafePlanError) || error.code !== 'no_secret_sink') throw error;
    const hint = error.facts.hint?.replace('--secrets-out', '--out');
    throw new UnsafePlanError(error.message, { ...error.facts, code: error.code, hint, cause: error });
  }
}
