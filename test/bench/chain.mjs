// The slowest chain of round trips by itself: requests one after the other on one connection.
import { createRequire } from 'node:module';

const http = createRequire(import.meta.url)('node:http');
const [port, length] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true });

const get = () =>
  new Promise((resolve, reject) => {
    http
      .get({ port, host: '127.0.0.1', path: '/resource', agent, headers: { host: 'portal-0.example.com' } }, (response) => {
        response.resume().on('end', resolve);
      })
      .on('error', reject);
  });

for (let at = 0; at < length; at += 1) await get();
agent.destroy();
