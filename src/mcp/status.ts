import { cleaned } from './clean.ts';
import type { Desk } from './desk.ts';
import type { Answer, Call } from './tool.ts';

/** What the account has, what needs a person, and what this server was started for. */
export async function statusAnswer({ bench, settings }: Desk, call: Call): Promise<Answer> {
  const { document } = await bench.command({ name: 'status' }, call.signal);
  const { schema_version: _version, ok: _ok, ...view } = document;
  const { portal } = settings;
  const rows = portalsIn(document).filter((row) => portal === undefined || Object(row).id === portal);
  const approval = approvalOf(settings, call);
  const means = { approval, allow_destroy: settings.allowDestroy, ...(portal === undefined ? {} : { only_portal: portal }) };
  return {
    is: 'result',
    value: { status: 'ok', ...view, portals: rows, ...means },
    text: `${rows.length} portals. Approval: ${approval}.`,
    quoted: JSON.stringify(cleaned({ ...view, portals: rows }), undefined, 1),
  };
}

function approvalOf(settings: Desk['settings'], { canAsk }: Call): string {
  if (settings.readOnly) return 'read-only';
  if (settings.autoApprove) return 'auto-approve';
  if (settings.approvePlanId) return 'plan-id';
  return canAsk ? 'asks the person' : 'none: this client cannot ask the person';
}

const portalsIn = ({ portals }: Readonly<Record<string, unknown>>): readonly unknown[] => (Array.isArray(portals) ? portals : []);
