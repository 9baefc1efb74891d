// The least that an empty plan can cost: the same requests on bare node:http, their JSON parsed, nothing compared.
import { createRequire } from 'node:module';
import { minimalRequests } from './documents.mjs';

const http = createRequire(import.meta.url)('node:http');
const [port, servers] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

const get = (path) =>
  new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', path, agent, headers: { authorization: 'Bearer bench' } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    request.on('error', reject);
  });

for (const round of minimalRequests(servers)) await Promise.all(round.map(get));
agent.destroy();
