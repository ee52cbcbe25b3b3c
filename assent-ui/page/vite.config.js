import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'vite';

const out = resolve(process.env.ASSENT_UI_OUT || '../target/classes/META-INF/resources');

export default defineConfig({
  base: './',
  publicDir: 'public',
  plugins: [
    {
      // Only our own folder is emptied: ASSENT_UI_OUT may hold what others put there.
      name: 'remove-old-assets',
      apply: 'build',
      buildStart() {
        rmSync(join(out, 'assets'), { recursive: true, force: true });
      },
    },
  ],
  build: {
    outDir: out,
    emptyOutDir: false,
    target: 'es2022',
    sourcemap: false,
    // The page's CSP allows neither inline code nor data URLs.
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: true,
  },
});
