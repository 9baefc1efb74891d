import type { ConsentDescription } from '@cloudflare/workers-oauth-provider';
import { escapeHtml, page } from '../http/responses.ts';

/**
 * Asks whether this client may act in Attio for the person at the browser. The handle in the form is
 * worth nothing without the cookie that came with the page.
 */
export function consentPage(
  client: ConsentDescription,
  { handle, headers }: { readonly handle: string; readonly headers: Headers },
): Response {
  const name = `<strong>${escapeHtml(client.clientName)}</strong>`;
  const host = `<strong>${escapeHtml(client.redirectHost)}</strong>`;
  const origin =
    client.clientDomain === undefined
      ? 'It gave this name itself; nobody has checked it.'
      : `It is published by <strong>${escapeHtml(client.clientDomain)}</strong>.`;
  const local =
    '<p><strong>This gives access to a program on your computer.</strong> Go on only if you have just started to sign in from it.</p>';
  const body = `<p>${name} asks to use Attio as you: to search, read, create, change and delete records, tasks and notes.</p>
<p>${origin} Access goes to ${host}.</p>
${client.redirectIsLoopback ? local : ''}
<p>You sign in at Attio next, which also lets you choose the workspace.</p>
<form method="post" action="/oauth/authorize">
  <input type="hidden" name="handle" value="${escapeHtml(handle)}">
  <input type="hidden" name="decision" value="approve">
  <button type="submit">Allow</button>
  <button type="submit" name="decision" value="deny">Deny</button>
</form>`;
  return page('Allow access to Attio?', { body, headers });
}
