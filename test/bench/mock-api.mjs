// Serves a fixed account with a latency. Bodies are made once, so that the server costs next to nothing.
import { createServer } from 'node:http';
import { liveOf } from './documents.mjs';

const live = liveOf(Number(process.argv[2]));
const latency = Number(process.argv[3]);
const bodies = new Map();

function bodyOf(url) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const rows = live.get(pathname) ?? [];
  const page = Number(searchParams.get('page') ?? 1);
  const perPage = Number(searchParams.get('per_page') ?? 20);
  const result = rows.slice((page - 1) * perPage, page * perPage);
  const info = {
    page,
    per_page: perPage,
    count: result.length,
    total_count: rows.length,
    total_pages: Math.ceil(rows.length / perPage),
  };
  return JSON.stringify({ success: true, errors: [], messages: [], result, result_info: info });
}

const server = createServer((request, response) => {
  if (!bodies.has(request.url)) bodies.set(request.url, bodyOf(request.url));
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(bodies.get(request.url));
  }, latency);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
