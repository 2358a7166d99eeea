import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Two pages: the app, and the explorer that the server shows at /graphql. */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react()],
  // The explorer's editor brings workers as modules of their own.
  worker: { format: 'es' },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Monaco alone is 3.9 MB; the app itself is far below Vite's limit of 500 kB.
    chunkSizeWarningLimit: 4500,
    rolldownOptions: {
      input: { index: here('index.html'), graphiql: here('graphiql.html') },
      onLog(level, log, handle) {
        // GraphiQL's compiled files carry a directive for React's compiler; nobody needs it after bundling
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: 'http://127.0.0.1:4000', ws: true },
      '/media': 'http://127.0.0.1:4000',
      '/uploads': 'http://127.0.0.1:4000',
      '/reference-thumbnails': 'http://127.0.0.1:4000',
    },
  },
});
