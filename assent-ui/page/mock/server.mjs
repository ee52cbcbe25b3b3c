// Serves the built page under the real Content-Security-Policy, with a fake of the API. No dependency.
// node mock/server.mjs [port] [folder of the built page] [prefix]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const [, , port = '8099', folder = process.env.ASSENT_UI_OUT ?? join(here, '../../target/classes/META-INF/resources'), prefix = '/'] = process.argv;

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'; "
  + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };
const api = new Api();
const sockets = new Set();

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  const path = url.pathname.startsWith(prefix) ? `/${url.pathname.slice(prefix.length)}` : null;
  if (path?.startsWith('/mock/')) {
    const done = api.act(path.slice(6), url.searchParams);
    if (path === '/mock/drop' && api.drop) for (const socket of sockets) if (socket !== request.socket) socket.destroy();
    return json(response, 200, done);
  }
  if (api.drop) return request.socket.destroy();
  if (path?.startsWith('/api/v1/')) return callApi(request, response, path.slice(7), url.searchParams);
  return page(response, path);
});

server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}${prefix} (log in with any name, password "correct horse")`));

async function callApi(request, response, path, query) {
  if (path === '/events') return api.person ? events(request, response) : json(response, 401, { title: 'Log in first' });
  let text = '';
  for await (const chunk of request) text += chunk;
  const answer = api.handle(request.method, path, query, text ? JSON.parse(text) : {}, request.headers);
  json(response, answer.status, answer.body, answer.headers);
}

function events(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': hello\n\n');
  const send = (text) => response.write(text);
  api.listeners.add(send);
  request.on('close', () => api.listeners.delete(send));
}

function json(response, status, body, headers = {}) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function page(response, path) {
  if (path === null) return response.writeHead(404).end();
  const headers = { 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };
  const root = resolve(folder);
  if (extname(path)) {
    const file = normalize(join(root, path));
    const bytes = file.startsWith(root) ? await readFile(file).catch(() => null) : null;
    if (!bytes) return response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
    return response.end(bytes);
  }
  // What the real server does too: relative addresses are made to fit the depth of the path.
  const html = await readFile(join(root, 'index.html'), 'utf8');
  const up = '../'.repeat(path.split('/').length - 2);
  response.writeHead(200, { ...headers, 'Content-Type': TYPES['.html'], 'Cache-Control': 'no-store' });
  response.end(up ? html.replaceAll('="./', `="${up}`) : html);
}
