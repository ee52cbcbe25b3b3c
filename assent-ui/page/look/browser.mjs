import { mkdtempSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** A browser of its own kind of screen. Whatever the page complains about lands in `complaints`. */
export async function open(base, options = {}) {
  const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'assent-look-')), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, ...options,
  });
  const complaints = [];
  const watch = (page) => {
    page.on('console', (message) => {
      const text = message.text();
      // A refused request is part of some of these tests; anything about the policy never is.
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
      if (/Content Security Policy|TrustedHTML|Trusted Type/i.test(text)) complaints.push(text);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(base)) complaints.push(`foreign request ${request.url()}`);
    });
  };
  context.pages().forEach(watch);
  context.on('page', watch);
  return { context, page: context.pages()[0] ?? (await context.newPage()), complaints };
}

export async function startMock(prefix = '/', folder = undefined) {
  const script = fileURLToPath(new URL('../mock/server.mjs', import.meta.url));
  const built = folder ?? process.env.ASSENT_UI_OUT ?? fileURLToPath(new URL('../../target/classes/META-INF/resources', import.meta.url));
  const child = spawn(process.execPath, [script, '0', built, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const base = await new Promise((resolve) => child.stdout.once('data', (line) => resolve(String(line).split(' ')[0])));
  const act = async (name, query = {}) => (await fetch(`${base}mock/${name}?${new URLSearchParams(query)}`)).json();
  return { base, act, stop: () => child.kill() };
}
