import type { Row } from './row.ts';

/** Where no whole answer came. */
export const connectionCauses: readonly Row[] = [
  [
    { code: /^TOO_LONG$/ },
    'The answer is longer than any client takes.',
    'Make {id} offer fewer or smaller tools, or hide some: servers.{id}.tools',
  ],
  [
    { code: /^(ENOTFOUND|EAI_)/ },
    'The name does not resolve.',
    'Make its DNS record: mcp-portal dns, or look up who runs {host}',
  ],
  [
    { code: /^ECONNREFUSED$/ },
    'Nothing listens there: the server is down, or on another port.',
    'Start the server behind {url}, and look at its port',
  ],
  [
    { code: /^(EPROTO|ERR_SSL)/ },
    'What answers at {host} does not speak TLS as it should.',
    'Look at the port and the scheme of {url}',
  ],
  [
    { status: 200, kind: 'an event stream', body: /^(?:\s|:[^\n]*\n)*$/ },
    'The stream opens and nothing comes through it: something in between buffers it, or the server never sends.',
    'Turn buffering and compression off in the proxy before {host} (X-Accel-Buffering: no, Cache-Control: no-transform)',
  ],
  [
    { code: /^(ETIMEDOUT|TimeoutError|EHOSTUNREACH|ENETUNREACH)$/ },
    'The host does not answer: a firewall drops the connection, or the server hangs.',
    'Look whether the server behind {url} runs and may be reached; a slow one needs a longer --timeout',
  ],
  [
    { code: /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/ },
    'The connection is cut before the answer: the server crashes, or something between cuts it.',
    'Look at the log of the server behind {host}',
  ],
];
