import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Names the folder of the run's one server; the first test file that needs a database starts it (see test-server.ts).
 * Jest loads this file with nothing of the project within reach, so it imports nothing of it.
 */
export default function startTestPostgres(): void {
  if (process.env['VITRINE_TEST_POSTGRES'] !== undefined) return; // two Jest projects name this file
  const folder = mkdtempSync(join(tmpdir(), `vitrine-test-${process.pid}-`));
  chmodSync(folder, 0o755); // as root, the server runs as nobody and must be able to pass
  process.env['VITRINE_TEST_POSTGRES'] = folder;
}
