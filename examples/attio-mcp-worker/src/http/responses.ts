/** An error of the OAuth endpoints, in the form of RFC 6749 §5.2. */
export const oauthError = (
  status: number,
  {
    error,
    description,
    headers = {},
  }: { readonly error: string; readonly description: string; readonly headers?: Record<string, string> },
): Response =>
  Response.json({ error, error_description: description }, { status, headers: { 'Cache-Control': 'no-store', ...headers } });

/** An error of the MCP endpoint that belongs to no request in particular. */
export const rpcError = (
  status: number,
  { code, message, headers = {} }: { readonly code: number; readonly message: string; readonly headers?: Record<string, string> },
): Response => Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status, headers });

/** A page for the person in front of the browser. `body` is HTML: escape what is in it. */
export function page(title: string, { body, status = 200, headers = new Headers() }: PageParts): Response {
  headers.set('Content-Type', 'text/html; charset=utf-8');
  headers.set('Cache-Control', 'no-store');
  // No form-action: browsers hold the redirects that follow a form to it as well, and these lead to Attio.
  headers.set(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  );
  headers.set('X-Frame-Options', 'DENY');
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'same-origin');
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }
  button { font: inherit; padding: .4rem 1rem; }
</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`;
  return new Response(html, { status, headers });
}

type PageParts = { readonly body: string; readonly status?: number; readonly headers?: Headers };

export const errorPage = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  page('This sign-in cannot go on', { status, body: `<p>${escapeHtml(text)}</p>`, headers: new Headers(headers) });

/** Clients choose their names and URLs themselves, so none of it may become markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
