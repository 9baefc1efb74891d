type Call = { readonly path: string; readonly method?: string; readonly body?: unknown };

const longest = 10_000;

/** Calls the API and gives its JSON as text. Throws an `Error` that says what came instead, without what it said. */
export async function callApi(apiUrl: string, { path, method = 'GET', body }: Call): Promise<string> {
  const response = await fetch(new URL(path, checked(apiUrl)), {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // A redirect mostly leads to a login page: better said than followed.
    redirect: 'manual',
    signal: AbortSignal.timeout(longest),
  }).catch((error: unknown) => {
    throw new Error(
      error instanceof Error && error.name === 'TimeoutError' ? 'the API did not answer in time' : 'the API cannot be reached',
    );
  });
  if (response.status >= 300 && response.status < 400)
    throw new Error('the API redirects: it wants a login, or its address is wrong');
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const text = await response.text();
  if (!isJson(text)) throw new Error('the API answered something that is not JSON');
  return text;
}

/** Everything that a tool sends goes to this address: in the clear only on this machine. */
function checked(apiUrl: string): URL {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname))) return url;
  throw new Error('API_URL has to be an https address');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
